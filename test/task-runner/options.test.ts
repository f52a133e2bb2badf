import { homedir, hostname } from 'node:os';
import { parseOptions, UsageError } from '../../task-runner/options';

const ARN = 'arn:aws:states:eu-central-1:123456789012:activity:Plant';
const CHINA = 'arn:aws-cn:states:cn-north-1:123456789012:activity:Plant';

test('defaults', () => {
  expect(parseOptions(['--workerGroup', ARN], {}, 42)).toEqual({
    workerGroups: [ARN],
    region: 'eu-central-1',
    taskRunnerId: `${hostname()}-42`,
    tasks: 2,
    workDir: `${homedir()}/.task-runner`,
    drainTimeout: 300_000,
    logUri: undefined,
    proxy: { noProxy: [] },
  });
});

test('everything given', () => {
  const args = ['--workerGroup', ARN, '--activity-arn', `${ARN}2`, '--region', 'eu-west-1', '--taskrunnerId', 'a', '--tasks', '7',
    '--workDir', '/srv/x', '--drainTimeout', '0', '--output', '/var/log/plant', '--logUri', 's3://bucket/own',
    '--proxyHost', 'proxy', '--proxyPort', '3128', '--httpProxySecret', 'plant/proxy', '--noProxy', 'a,b'];
  expect(parseOptions(args, { TASK_RUNNER_WORKER_GROUP: CHINA }, 42)).toEqual({
    workerGroups: [ARN, `${ARN}2`],
    region: 'eu-west-1',
    taskRunnerId: 'a',
    tasks: 7,
    workDir: '/srv/x',
    drainTimeout: 0,
    output: '/var/log/plant',
    logUri: 's3://bucket/own/',
    proxy: { http: { host: 'proxy', port: 3128, tls: false }, https: { host: 'proxy', port: 3128, tls: false }, noProxy: ['a', 'b'], secretId: 'plant/proxy' },
  });
});

test('worker groups from the environment, of any partition', () => {
  expect(parseOptions([], { TASK_RUNNER_WORKER_GROUP: `${CHINA},${CHINA}2` }, 42)).toMatchObject({ workerGroups: [CHINA, `${CHINA}2`], region: 'cn-north-1' });
});

test('--help and --version need nothing else', () => {
  expect([parseOptions(['--help'], {}, 1), parseOptions(['--version'], {}, 1)]).toEqual(['help', 'version']);
});

test.each([
  [[], '--workerGroup is missing'],
  [['--workerGroup', 'Plant'], "--workerGroup 'Plant': it must be the ARN of a Step Functions activity"],
  [['--workerGroup', ARN.replace('activity', 'stateMachine')], 'it must be the ARN of a Step Functions activity'],
  [['--workerGroup', ARN, '--workerGroup', CHINA], 'the ARNs are of several Regions (eu-central-1, cn-north-1)'],
  [['--taskFile', '/x'], '--region is missing: it goes with --taskFile'],
  [['--taskFile', '/x', '--region', 'eu-west-1', '--workerGroup', ARN], '--taskFile: got it and --workerGroup; give one of the two'],
  [['--workerGroup', ARN, '--tasks', '0'], "--tasks '0': it must be a whole number from 1 to 100"],
  [['--workerGroup', ARN, '--tasks', 'two'], "--tasks 'two'"],
  [['--workerGroup', ARN, '--drainTimeout', '1.5'], "--drainTimeout '1.5'"],
  [['--workerGroup', ARN, '--taskrunnerId', 'a/b'], "--taskrunnerId 'a/b'"],
  [['--workerGroup', ARN, '--logUri', '/var/log'], "--logUri '/var/log': it must be an S3 folder"],
  [['--workerGroup'], "'--workerGroup <value>' argument missing (options: --workerGroup, --activity-arn,"],
  [['--worker', ARN], "Unknown option '--worker' (options: --workerGroup,"],
  [['stray'], "Unexpected argument 'stray'"],
  [['--workerGroup', ARN, '--httpProxy', 'socks5://x:1'], "--httpProxy 'socks5://x:1': a proxy is <host>:<port>"],
  [['--workerGroup', ARN, '--httpProxy', 'http://someone:secret@x:1'], '--httpProxy: a command line can be read by everybody on the host'],
  [['--workerGroup', ARN, '--httpProxy', 'x:1', '--proxyHost', 'x', '--proxyPort', '1'], '--httpProxy: got it and --proxyHost'],
  [['--workerGroup', ARN, '--proxyHost', 'x'], '--proxyHost and --proxyPort go together'],
  [['--workerGroup', ARN, '--httpProxySecret', 'x'], '--httpProxySecret: there is no proxy'],
  [['--proxyPassword', 'x'], '--proxyPassword is no option any more: use --httpProxySecret'],
  [['--proxyDomain=x'], '--proxyDomain is no option any more: proxies are spoken to with Basic authentication'],
  [['--accessId', 'x'], '--accessId is no option any more: credentials come from'],
  [['--endpoint=x'], '--endpoint is no option any more: set AWS_ENDPOINT_URL_SFN'],
])('refuses %j', (args, problem) => {
  expect(() => parseOptions(args, {}, 1)).toThrow(UsageError);
  expect(() => parseOptions(args, {}, 1)).toThrow(problem);
});
