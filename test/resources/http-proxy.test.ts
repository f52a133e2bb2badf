import { createHash } from 'node:crypto';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ScriptHost } from './script-host';
import { Json } from '../../simulator/task';
import { EmrCluster, EmrClusterProps, HttpProxy, HttpProxyProps, Pipeline, ShellCommandActivity } from '../../src';
import { RunResult } from '../../src/contract/run';
import { RUN_TASK } from '../../src/resources/cluster-task-script';
import { pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { InstanceRun } from '../compiler/instance-run';
import { runMachine } from '../compiler/machines';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:proxy';
const withSecret = (scope: Pipeline): HttpProxyProps =>
  ({ hostname: 'proxy.corp', port: 3128, username: 'loader', windowsDomain: 'CORP', s3NoProxy: true, password: Secret.fromSecretNameV2(scope, 'Secret', 'proxy') });

/** What an instance is launched with, in a run with this parameter `proxy`. */
async function userData(props: (scope: Pipeline) => HttpProxyProps): Promise<{ script?: string; run: RunResult['objects'] }> {
  const run = new InstanceRun({ instance: (scope) => ({ maximumRetries: 0, httpProxy: new HttpProxy(scope, 'Proxy', props(scope)) }) });
  const objects = await run.objects();
  const encoded = run.ec2.instances[0]?.request.UserData;
  return { script: encoded === undefined ? undefined : Buffer.from(String(encoded), 'base64').toString(), run: objects };
}

const options = (script = '') => /<<'END-OF-OPTIONS'\n([^]*)\nEND-OF-OPTIONS/.exec(script)![1].split('\n');

test('an instance is told of its proxy when it is launched, and not of the password', async () => {
  const { script, run } = await userData(withSecret);
  expect(run).toMatchObject({ A: { status: 'FINISHED' } });
  expect(options(script)).toEqual([
    '--httpProxy=proxy.corp:3128',
    '--noProxy=localhost,127.0.0.1,169.254.169.254,secretsmanager.us-east-1.amazonaws.com,'
      + 's3.us-east-1.amazonaws.com,.s3.us-east-1.amazonaws.com,.s3.dualstack.us-east-1.amazonaws.com',
    '--httpProxyUser=CORP\\loader',
    `--httpProxySecret=${SECRET}`,
  ]);
});

test('a host name that only the run knows is text there, or the launch fails', async () => {
  const { script } = await userData(() => ({ hostname: 'proxy-#{year(@scheduledStartTime)}.corp', port: 80 }));
  expect(options(script)[0]).toBe('--httpProxy=proxy-2026.corp:80');
  const refused = await userData(() => ({ hostname: "#{format(@scheduledStartTime, \"'$(reboot)'\")}", port: 80 }));
  expect(refused.script).toBeUndefined();
  expect(refused.run).toMatchObject({ Host: { status: 'FAILED', reason: expect.stringMatching(/^States.QueryEvaluationError/) } });
});

describe('on a host', () => {
  let host: ScriptHost;
  let script: string;
  beforeAll(async () => { script = (await userData(withSecret)).script!; });
  afterEach(() => host.remove());

  async function start(secret: string): Promise<string> {
    const curl = 'echo "by $https_proxy" >>"$HOST/calls"; while [ "$1" != -o ]; do shift; done; echo package >"$2"';
    host = new ScriptHost({ aws: 'cat "$HOST/secret"', rpm: 'touch "$HOST/installed"', curl });
    host.write('secret', `${secret}\n`);
    return (await host.run(script)).stderr;
  }

  test.each([
    ['the password alone', 'p@ss: w/rd'],
    ['with a user of its own, who is another', JSON.stringify({ username: 'somebody', password: 'p@ss: w/rd' })],
  ])('SSM Agent and what is fetched go through the proxy: a secret that is %s', async (_, secret) => {
    expect(await start(secret)).toBe('');
    const url = 'http://CORP%5Cloader:p%40ss%3A%20w%2Frd@proxy.corp:3128';
    expect(host.read('etc/data-pipeline-proxy').split('\n')).toEqual(expect.arrayContaining([`https_proxy=${url}`, `HTTP_PROXY=${url}`]));
    expect(host.read('etc/systemd/system/amazon-ssm-agent.service.d/proxy.conf')).toContain('EnvironmentFile=');
    expect(host.calls).toEqual(expect.arrayContaining([
      `aws secretsmanager get-secret-value --region us-east-1 --secret-id ${SECRET} --query SecretString --output text`, 'systemctl daemon-reload', `by ${url}`,
    ]));
    expect(host.calls.filter((call) => !call.startsWith('by ')).join()).not.toContain('rd@');
    expect(host.has('running')).toBe(true);
  });

  test('root alone reads the file that the password is in', async () => {
    await start('secret');
    expect(host.mode('etc/data-pipeline-proxy')).toBe('600');
    expect(host.read('var/lib/data-pipeline/proxy')).not.toContain('secret@');
  });

  test('a secret that cannot be read is said so', async () => {
    host = new ScriptHost({ aws: 'exit 254' });
    expect((await host.run(script)).stderr).toContain('the secret of the proxy could not be read');
  });
});

describe('on the primary node of a cluster', () => {
  let host: ScriptHost;
  afterEach(() => host.remove());

  test('Task Runner is fetched through the proxy, and told of it', async () => {
    const bundle = "require('fs').writeFileSync(process.env.HOST + '/done', JSON.stringify({ args: process.argv.slice(2), environment: process.env }));";
    host = new ScriptHost({ aws: 'if [ "$1" = s3 ]; then echo "by $https_proxy" >>"$HOST/calls"; cp "$4" "$5"; else echo p@ss; fi' });
    host.node();
    const file = host.write('bundle.js', bundle);
    const told = ['--httpProxy=proxy.corp:3128', '--noProxy=localhost', '--httpProxyUser=loader', `--httpProxySecret=${SECRET}`];
    const checksum = createHash('sha256').update(bundle).digest('hex');
    expect(await host.run(RUN_TASK, {}, [file, checksum, 'eu-central-1', 'task', ...told])).toMatchObject({ code: 0, stderr: '' });
    const { args, environment } = JSON.parse(host.read('done')) as { args: string[]; environment: object };
    expect(args.slice(-4)).toEqual(told);
    expect(JSON.stringify(environment)).not.toContain('p%40ss');
    expect(host.calls).toContain('by http://loader:p%40ss@proxy.corp:3128');
  });
});

describe('a cluster', () => {
  const request = (props: (scope: Pipeline) => Partial<HttpProxyProps>, configuration?: EmrClusterProps['configuration']) => {
    const scope = pipeline();
    const httpProxy = new HttpProxy(scope, 'Proxy', { hostname: 'proxy.corp', port: 3128, ...props(scope) });
    const cluster = new EmrCluster(scope, 'Cluster', { httpProxy, configuration });
    new ShellCommandActivity(scope, 'Ask', { runsOn: cluster, command: 'curl https://example.com' });
    const states = runMachine(scope).States;
    return { launch: states['Ask: acquire'].Arguments as { Configurations?: Json }, step: JSON.stringify(states.Ask.Arguments), role: cluster.resourceRole as Role };
  };

  test('has a proxy without a password in the environment of its steps, beside what else is there', () => {
    const { launch, step, role } = request(() => ({}), [
      { classification: 'hadoop-env', properties: { own: 'yes' }, configurations: [{ classification: 'export', properties: { NO_PROXY: 'mine' } }] },
    ]);
    expect(launch.Configurations).toEqual([{
      Classification: 'hadoop-env',
      Properties: { own: 'yes' },
      Configurations: [{ Classification: 'export', Properties: expect.objectContaining({ https_proxy: 'http://proxy.corp:3128', NO_PROXY: 'mine' }) }],
    }]);
    expect(step).toContain('"--httpProxy=proxy.corp:3128"');
    expect(granted(role).join()).not.toContain('secretsmanager');
  });

  test('has no password there: Task Runner reads it', () => {
    const { launch, step, role } = request(withSecret);
    expect(launch.Configurations).toBeUndefined();
    expect(step).toContain('--httpProxySecret=');
    expect(granted(role).filter((grant) => grant.startsWith('secretsmanager'))).toEqual([`secretsmanager:GetSecretValue ${SECRET}-??????`]);
  });
});
