import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Clock, SYSTEM_CLOCK } from './clock';
import { rotatedCredentials } from './credentials';
import { AwsDatabaseDirectory } from './databases/access';
import { described } from './failure';
import { doGivenTask } from './given';
import { Log } from './log';
import { S3Objects } from './objects';
import { HELP, Options, parseOptions, UsageError } from './options';
import { OwnLog } from './own-log';
import { pollForTasks } from './poll';
import { recover } from './recovery';
import { StepFunctions } from './service';
import { Shutdown } from './shutdown';
import { S3Storage } from './storage';
import { Workplace } from './workplace';
import { version } from '../package.json';
import { usesPathStyle } from '../src/contract/s3';

/** The service answers a poll after 60 seconds at the latest. */
const SOCKET_TIMEOUT = 75_000;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env, process.pid);
  if (options === 'help') process.stdout.write(HELP);
  else if (options === 'version') process.stdout.write(`${version}\n`);
  else await run(options, SYSTEM_CLOCK);
  return 0;
}

async function run(options: Options, clock: Clock): Promise<void> {
  const { region, taskRunnerId, workerGroups, tasks, taskFile } = options;
  const stderr = new Log(clock, [(line) => process.stderr.write(line)]).with({ taskRunnerId });
  logWarnings(stderr);
  const s3 = new S3Client({ region, credentials: rotatedCredentials, followRegionRedirects: true, forcePathStyle: usesPathStyle(process.env) });
  const storage = new S3Storage(s3, { clock, random: Math.random });
  const workplace = await Workplace.open(options.workDir, taskFile === undefined ? 'runner' : 'task');
  const ownLog = options.logUri === undefined ? undefined : new OwnLog(workplace.directory, `${options.logUri}${taskRunnerId}/`, storage, clock);
  const log = ownLog === undefined ? stderr : stderr.tee((line) => ownLog.write(line));
  const shutdown = new Shutdown(clock, options.drainTimeout, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.request(signal));

  const { stopping, halted, abandoned } = shutdown;
  const host = {
    hostname: hostname(),
    taskRunnerId,
    storage,
    objects: new S3Objects(s3, { clock, random: Math.random }),
    databases: new AwsDatabaseDirectory(region, rotatedCredentials, process.env),
    workplace,
    log,
    random: Math.random,
    environment: process.env,
    stopping,
    halted,
    abandoned,
    service: stepFunctions(region, taskRunnerId, tasks * Math.max(1, workerGroups.length)),
    processes: { spawn, kill: process.kill.bind(process), clock },
  };
  log.info('started', { version, pid: process.pid, region, workerGroups: workerGroups.join(','), tasks, workDir: options.workDir });
  void ownLog?.shipHourly(log, stopping);
  const { answered } = await recover(workplace.left, host);
  if (taskFile !== undefined) await doGivenTask(taskFile, host);
  await Promise.all(workerGroups.flatMap((arn) => Array.from({ length: tasks }, async () => pollForTasks(arn, host))));
  await answered;
  log.info('stopped');
  await ownLog?.ship(log, abandoned);
  await workplace.close();
}

function stepFunctions(region: string, taskRunnerId: string, slots: number): StepFunctions {
  const requestHandler = { connectionTimeout: 10_000, socketTimeout: SOCKET_TIMEOUT, httpsAgent: { maxSockets: 2 * slots + 10 } };
  // Task Runner has its own patience with each of its calls.
  return new StepFunctions(new SFNClient({ region, credentials: rotatedCredentials, maxAttempts: 1, requestHandler }), taskRunnerId);
}

/** Node's own go to stderr as plain text otherwise. */
function logWarnings(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn(message, { warning: name }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(error instanceof UsageError ? `task-runner: ${error.message}\nTry 'task-runner --help'.\n` : `task-runner: ${described(error)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
