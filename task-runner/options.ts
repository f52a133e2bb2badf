import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { described } from './failure';
import { ProxySettings, proxyAddress, proxySettings } from './proxy';
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
  /** Folder of the host for Task Runner's own log, in place of stderr. */
  readonly output?: string;
  /** S3 folder for Task Runner's own log. */
  readonly logUri?: string;
  readonly proxy: ProxySettings;
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
  --output <directory>     keeps Task Runner's own log in files there, 50 MiB at most (default: writes it to stderr)
  --logUri <s3 folder>     keeps Task Runner's own log there too, hour by hour; tasks' logs go where each task says
  --drainTimeout <seconds> on SIGTERM or SIGINT, how long work may go on before it is failed for a retry
                           (default: 300); a second signal does not wait
  --taskFile <path>        does the one task that stands in this file, with its token, then ends; without a token,
                           its exit code is the answer. With --region, without --workerGroup
  --httpProxy <host:port>  the proxy through which AWS is reached (default: HTTPS_PROXY of the environment);
                           also --proxyHost <host> --proxyPort <port>
  --httpProxySecret <id>   name or ARN of the secret with its username and password, which is read without the proxy
  --httpProxyUser <name>   the username, where the secret has the password alone (also --proxyUsername)
  --noProxy <hosts>        hosts that are reached without it, separated by commas (default: NO_PROXY)
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
  proxyPassword: 'use --httpProxySecret',
  proxyDomain: 'proxies are spoken to with Basic authentication, not with NTLM',
  proxyWorkstation: 'proxies are spoken to with Basic authentication, not with NTLM',
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
    output: values.output === undefined ? undefined : resolve(values.output),
    logUri: values.logUri === undefined ? undefined : s3Folder(values.logUri),
    proxy: proxyOf(values, environment),
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
    'output': text,
    'logUri': text,
    'drainTimeout': text,
    'taskFile': text,
    'httpProxy': text,
    'proxyHost': text,
    'proxyPort': text,
    'httpProxySecret': text,
    'httpProxyUser': text,
    'proxyUsername': text,
    'noProxy': text,
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

type ProxyValues = Readonly<Partial<Record<'httpProxy' | 'proxyHost' | 'proxyPort' | 'httpProxySecret' | 'httpProxyUser' | 'proxyUsername' | 'noProxy', string>>>;

/** No value of the environment is shown: it may have a password. */
function proxyOf(values: ProxyValues, environment: NodeJS.ProcessEnv): ProxySettings {
  const { httpProxy, proxyHost, proxyPort, httpProxySecret: secretId, proxyUsername, httpProxyUser: user = proxyUsername, noProxy } = values;
  if ((proxyHost === undefined) !== (proxyPort === undefined)) throw new UsageError('--proxyHost and --proxyPort go together');
  if (proxyHost !== undefined && httpProxy !== undefined) throw new UsageError('--httpProxy: got it and --proxyHost; give one of the two');
  const address = httpProxy ?? (proxyHost === undefined ? undefined : `${proxyHost}:${proxyPort}`);
  if (address?.includes('@')) throw new UsageError('--httpProxy: a command line can be read by everybody on the host; name the secret with the credentials in --httpProxySecret');
  try {
    if (address !== undefined) proxyAddress(address);
    const settings = proxySettings({ address, secretId, user, noProxy }, environment);
    if (secretId === undefined || settings.https || settings.http) return settings;
  } catch (error) {
    throw new UsageError(`${address === undefined ? 'HTTPS_PROXY, HTTP_PROXY or ALL_PROXY' : `--httpProxy '${address}'`}: ${described(error)}`);
  }
  throw new UsageError('--httpProxySecret: there is no proxy; give --httpProxy <host:port>');
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
