import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { S3_FOLDER_URI } from '../src/contract/s3';

export interface Options {
  /** A file with the one task that is done, in place of polling. */
  readonly taskFile?: string;
  /** ARNs of the Step Functions activities that are polled. */
  readonly workerGroups: readonly string[];
  readonly region: string;
  readonly taskRunnerId: string;
  /** Tasks at a time for each worker group. */
  readonly tasks: number;
  readonly workDir: string;
  /** Milliseconds. */
  readonly drainTimeout: number;
  /** S3 folder for Task Runner's own log. */
  readonly logUri?: string;
}

/** A command line that Task Runner cannot start with. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const HELP = `Usage: task-runner --workerGroup <activity ARN> [options]

Polls a worker group's Step Functions activity and runs the tasks that it hands out.

  --workerGroup <arn>      ARN of the worker group's Step Functions activity; may be repeated
                           (also --activity-arn, or TASK_RUNNER_WORKER_GROUP with ARNs separated by commas)
  --region <name>          the AWS Region (default: the worker group's)
  --tasks <number>         tasks at a time for each worker group, 1 to 100 (default: 2)
  --taskrunnerId <name>    the name under which it shows in logs and results (default: host name and process id)
  --workDir <directory>    where attempts have their files (default: ~/.task-runner)
  --logUri <s3 folder>     keeps Task Runner's own log there too, hour by hour; tasks' logs go where each task says
  --drainTimeout <seconds> on SIGTERM or SIGINT, how long work may go on before it is failed for a retry
                           (default: 300); a second signal does not wait
  --taskFile <path>        does the one task that stands in this file, with its token, then ends; without a token,
                           its exit code is the answer. With --region, without --workerGroup
  --help, --version

Credentials come from the AWS SDK's default chain, other endpoints from AWS_ENDPOINT_URL_SFN and AWS_ENDPOINT_URL_S3.
`;

const ACTIVITY_ARN = /^arn:[\w-]+:states:([a-z0-9-]+):\d{12}:activity:[^\s:/*?]{1,80}$/;

/** Options of the original Task Runner that its users may still pass, and what to do instead. */
const RETIRED: Readonly<Record<string, string>> = {
  accessId: 'credentials come from the AWS SDK\'s default chain',
  secretKey: 'credentials come from the AWS SDK\'s default chain',
  config: 'credentials come from the AWS SDK\'s default chain',
  endpoint: 'set AWS_ENDPOINT_URL_SFN',
  s3Endpoint: 'set AWS_ENDPOINT_URL_S3',
  output: 'use --workDir',
};

/** @returns what is to be shown instead of starting, or the options. @throws UsageError naming the option */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv, pid: number): 'help' | 'version' | Options {
  const values = parsedArgs(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const fromEnvironment = environment.TASK_RUNNER_WORKER_GROUP?.split(',') ?? [];
  const named = [...(values.workerGroup ?? []), ...(values['activity-arn'] ?? [])];
  const { taskFile } = values;
  const workerGroups = taskFile === undefined ? [...new Set(named.length > 0 ? named : fromEnvironment)].map(activityArn) : [];
  if (taskFile !== undefined && named.length > 0) throw new UsageError('--taskFile: got it and --workerGroup; give one of the two');
  if (taskFile !== undefined && values.region === undefined) throw new UsageError('--region is missing: it goes with --taskFile');
  return {
    taskFile,
    workerGroups,
    region: values.region ?? commonRegion(workerGroups),
    taskRunnerId: idOf(values.taskrunnerId ?? `${hostname()}-${pid}`),
    tasks: wholeNumber('tasks', values.tasks ?? '2', 1, 100),
    workDir: resolve(values.workDir ?? join(homedir(), '.task-runner')),
    drainTimeout: wholeNumber('drainTimeout', values.drainTimeout ?? '300', 0, 86_400) * 1000,
    logUri: values.logUri === undefined ? undefined : s3Folder(values.logUri),
  };
}

function parsedArgs(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    'workerGroup': list,
    'activity-arn': list,
    'region': text,
    'tasks': text,
    'taskrunnerId': text,
    'workDir': text,
    'logUri': text,
    'drainTimeout': text,
    'taskFile': text,
    'help': flag,
    'version': flag,
  };
  for (const [name, instead] of Object.entries(RETIRED)) {
    if (args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))) throw new UsageError(`--${name} is no option any more: ${instead}`);
  }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const allowed = Object.keys(options).map((name) => `--${name}`).join(', ');
    throw new UsageError(`${error instanceof Error ? error.message.split('. To specify')[0] : String(error)} (options: ${allowed})`);
  }
}

function activityArn(value: string): string {
  if (ACTIVITY_ARN.test(value)) return value;
  throw new UsageError(`--workerGroup '${value}': it must be the ARN of a Step Functions activity, arn:aws:states:<region>:<account>:activity:<name>; `
    + 'the stack\'s outputs and `aws stepfunctions list-activities` show it');
}

function commonRegion(workerGroups: readonly string[]): string {
  const [region, ...others] = [...new Set(workerGroups.map((arn) => ACTIVITY_ARN.exec(arn)?.[1] ?? ''))];
  if (region === undefined) throw new UsageError('--workerGroup is missing: give the ARN of the worker group\'s Step Functions activity');
  if (others.length > 0) throw new UsageError(`--workerGroup: the ARNs are of several Regions (${[region, ...others].join(', ')}); run one Task Runner in each`);
  return region;
}

function wholeNumber(name: string, value: string, min: number, max: number): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name} '${value}': it must be a whole number from ${min} to ${max}`);
}

/** It becomes a worker's name in Step Functions and a folder in S3. */
function idOf(taskRunnerId: string): string {
  if (/^[\w.@-]{1,80}$/.test(taskRunnerId)) return taskRunnerId;
  throw new UsageError(`--taskrunnerId '${taskRunnerId}': it must be 1 to 80 of letters, digits and _ . @ -`);
}

function s3Folder(value: string): string {
  const folder = value.endsWith('/') ? value : `${value}/`;
  if (S3_FOLDER_URI.test(folder)) return folder;
  throw new UsageError(`--logUri '${value}': it must be an S3 folder, such as s3://bucket/task-runner/`);
}
