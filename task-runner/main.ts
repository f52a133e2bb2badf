import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Clock, SYSTEM_CLOCK } from './clock';
import { accessTo, AwsAccess, connect } from './connections';
import { described } from './failure';
import { doGivenTask } from './given';
import { Log, logWarnings } from './log';
import { HELP, Options, parseOptions, UsageError } from './options';
import { OwnLog } from './own-log';
import { pollForTasks } from './poll';
import { recover } from './recovery';
import { RotatedLog } from './rotated-log';
import { StepFunctions } from './service';
import { Shutdown } from './shutdown';
import { isWorkThread, workInThread } from './work-thread';
import { Workplace } from './workplace';
import { version } from '../package.json';

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
  const { region, taskRunnerId, workerGroups, tasks, taskFile, output } = options;
  const rotated = output === undefined ? undefined : new RotatedLog(output);
  const onHost = new Log(clock, [(line) => rotated ? rotated.write(line) : process.stderr.write(line)]).with({ taskRunnerId });
  logWarnings(onHost);
  const slots = tasks * Math.max(1, workerGroups.length);
  const settings = { region, proxy: options.proxy, connections: 2 * slots + 50 };
  const access = accessTo(settings, process.env);
  const connections = connect(access, process.env, clock);
  const workplace = await Workplace.open(options.workDir, taskFile === undefined ? 'runner' : 'task');
  const ownLog = options.logUri === undefined ? undefined : new OwnLog(workplace.directory, `${options.logUri}${taskRunnerId}/`, connections.objects, clock);
  const log = ownLog === undefined ? onHost : onHost.tee((line) => ownLog.write(line));
  const shutdown = new Shutdown(clock, options.drainTimeout, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.request(signal));

  const { stopping, halted, abandoned } = shutdown;
  const host = {
    hostname: hostname(),
    taskRunnerId,
    connections,
    settings,
    workplace,
    log,
    random: Math.random,
    environment: process.env,
    stopping,
    halted,
    abandoned,
    service: stepFunctions(access, taskRunnerId),
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

function stepFunctions(access: AwsAccess, taskRunnerId: string): StepFunctions {
  const requestHandler = { ...access.requestHandler, socketTimeout: SOCKET_TIMEOUT };
  // Task Runner has its own patience with each of its calls.
  return new StepFunctions(new SFNClient({ ...access, maxAttempts: 1, requestHandler }), taskRunnerId);
}

if (isWorkThread()) {
  void workInThread();
} else {
  main().then((code) => process.exit(code), fail);
}

function fail(error: unknown): void {
  process.stderr.write(error instanceof UsageError ? `task-runner: ${error.message}\nTry 'task-runner --help'.\n` : `task-runner: ${described(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
