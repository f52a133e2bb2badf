/** A proxy that demands a name and a password, and the real process behind it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { createServer as createTlsServer, get } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectProxy } from './connect-proxy';
import { Plant } from './plant';
import { ACTIVITY_ARN, TaskRunnerProcess } from './task-runner-process';
import { copyTask, shellTask } from './tasks';
import { bypasses, proxyAddress, proxySettings } from '../../task-runner/proxy';
import { agentsFor, proxyCredentials } from '../../task-runner/proxy-agents';

let proxy: ConnectProxy;
beforeEach(async () => { proxy = await ConnectProxy.start(); });
afterEach(async () => proxy.close());

describe('Task Runner', () => {
  let plant: Plant;
  let secrets: Server;

  beforeEach(async () => {
    plant = await Plant.open();
    secrets = createServer((_, response) => response.end(JSON.stringify({ SecretString: JSON.stringify({ username: 'plant', password: proxy.password }) })));
    await new Promise<void>((resolve) => secrets.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await plant.close();
    secrets.close();
  });

  const start = (environment: NodeJS.ProcessEnv, ...args: string[]): TaskRunnerProcess => plant.runIn(
    { AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`, ...environment }, '--workerGroup', ACTIVITY_ARN, ...args,
  );
  const through = () => ['--httpProxy', proxy.address, '--httpProxySecret', 'plant/proxy'];

  test('reaches all services through it, with credentials of a secret that nobody else sees', async () => {
    const { service, home } = plant;
    const runner = start({}, ...through());
    service.offer('token-1', shellTask({ command: 'cat /proc/self/environ /proc/$PPID/cmdline' }));
    expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
    writeFileSync(join(home, 'in'), 'data');
    const before = proxy.connected.length;
    service.offer('token-2', copyTask(`file://${home}/in`, 's3://data/out'));
    expect((await service.answer('token-2')).action).toBe('SendTaskSuccess');
    expect(plant.object('data', 'out')).toBe('data');
    expect(proxy.connected.length).toBeGreaterThan(before);
    expect(new Set(proxy.connected).size).toBe(2);
    expect(plant.logged('stdout') + runner.stderr).not.toMatch(/sesame|c2VzYW1l/);
  });

  test('goes where the environment says, and leaves those out that it says', async () => {
    const { service } = plant;
    start({ HTTP_PROXY: `http://plant:${proxy.password}@${proxy.address}` });
    service.offer('token-1', shellTask({ command: 'echo "$HTTP_PROXY"' }));
    expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
    expect(plant.logged('stdout')).toBe(`http://${proxy.address}\n`);
    expect(proxy.connected.length).toBeGreaterThan(0);
  });

  test('reaches those directly that need no proxy', async () => {
    start({}, ...through(), '--noProxy', 'example.com,127.0.0.1');
    await plant.service.until(() => plant.service.waiting === 2);
    expect([proxy.connected, proxy.refusals]).toEqual([[], 0]);
  });
});

test('a tunnel leads to the host whose certificate is verified, and asks for credentials again once they were refused', async () => {
  const home = mkdtempSync(join(tmpdir(), 'proxy-'));
  const [key, cert] = ['key', 'cert'].map((name) => join(home, name));
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const ca = readFileSync(cert);
  const server = createTlsServer({ key: readFileSync(key), cert: ca }, (_, response) => void response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const asked: string[] = [];
  const read = async (id: string) => Promise.resolve(asked.push(id) === 1 ? 'an old one' : JSON.stringify({ password: 'sesame' }));
  const settings = proxySettings({ address: proxy.address, user: 'plant', secretId: 'a secret' }, {});
  const { httpsAgent: agent } = agentsFor(settings, proxyCredentials(settings, read), { keepAlive: false });
  const answer = async (hostname: string) => new Promise<number | undefined>((resolve, reject) => {
    get({ hostname, port, agent, ca }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  await expect(answer('localhost')).rejects.toThrow(`the proxy ${proxy.address} does not connect to localhost:${port}: status 407, it wants other credentials`);
  expect(await answer('localhost')).toBe(200);
  await expect(answer('127.0.0.1')).rejects.toThrow(/does not match certificate|altnames/);
  expect(asked).toEqual(['a secret', 'a secret']);
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});

test.each([
  ['proxy:3128', { host: 'proxy', port: 3128, tls: false }],
  ['https://proxy', { host: 'proxy', port: 443, tls: true }],
  ['http://us%40er:p%3Ass@[::1]:8080/', { host: '::1', port: 8080, tls: false, credentials: { username: 'us@er', password: 'p:ss' } }],
])('a proxy %s', (text, expected) => {
  expect(proxyAddress(text)).toEqual(expected);
});

test.each(['', 'socks5://proxy:1', 'a b:1', 'proxy:port'])('no proxy is %j', (text) => {
  expect(() => proxyAddress(text)).toThrow('a proxy is <host>:<port>');
});

test.each<[string, string, boolean]>([
  ['example.com', 'example.com', true],
  ['example.com', 'a.example.com', true],
  ['.example.com', 'A.Example.com', true],
  ['*.example.com', 'a.example.com', true],
  ['example.com', 'badexample.com', false],
  ['example.com:443', 'example.com', true],
  ['example.com:8443', 'example.com', false],
  ['::1', '::1', true],
  ['[::1]:443', '::1', true],
  ['10.0.0.1', '10.0.0.10', false],
  ['*', 'anything', true],
])('NO_PROXY %s and %s', (entry, host, expected) => {
  expect(bypasses([entry], host, 443)).toBe(expected);
});

test('the command line counts more than the environment', () => {
  const environment = { HTTPS_PROXY: 'http://other:1', NO_PROXY: 'a, b' };
  const { https, http, noProxy } = proxySettings({}, environment);
  expect([https?.host, http, noProxy]).toEqual(['other', undefined, ['a', 'b']]);
  const given = proxySettings({ address: 'mine:2', noProxy: 'c' }, environment);
  expect([given.https, given.http, given.noProxy]).toEqual([given.http, { host: 'mine', port: 2, tls: false }, ['c']]);
});
