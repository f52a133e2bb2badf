/** What the service is told while there is work, and what becomes of work that it wants no more. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Call } from './fake-step-functions';
import { isAlive, Plant } from './plant';
import { copyTask, shellTask } from './tasks';
import { COPY_FAILED } from '../../src/contract/errors';

let plant: Plant;
beforeEach(async () => { plant = await Plant.open(); });
afterEach(async () => plant.close());

/** Of milliseconds, between one call and the next. */
const longestPause = (calls: readonly Call[]) => Math.max(...calls.slice(1).map(({ at }, index) => at - calls[index].at));

test('work that computes without end keeps nobody else from anything, and ends when its token is refused', async () => {
  const { service, home } = plant;
  const runner = plant.start();
  writeFileSync(join(home, 'in'), `${'a'.repeat(60)}c\n`);
  const endless = copyTask(`file://${home}/in`, `file://${home}/out`, { kind: 'regEx', inputRegEx: '(a+)+b' }, { kind: 'regEx', inputRegEx: '(.*)', outputFormat: '%1$s' });
  service.offer('token-1', { ...endless, reportProgressTimeoutSeconds: 1 });
  await service.until(() => service.of('SendTaskHeartbeat', 'token-1').length >= 6);
  expect(longestPause(service.of('SendTaskHeartbeat', 'token-1'))).toBeLessThan(1000);
  service.offer('token-2', shellTask({ command: 'sleep 0.1' }));
  expect((await service.answer('token-2')).action).toBe('SendTaskSuccess');
  service.gone.add('token-1');
  await service.until(() => service.waiting === 2);
  expect([existsSync(join(home, 'out')), service.answers('token-1')]).toEqual([false, []]);
  runner.kill('SIGTERM');
  expect(await runner.exit).toEqual({ code: 0, signal: null });
}, 60_000);

test('a copy that fails in its thread says why, and its log is with the attempt\'s', async () => {
  const { service, home } = plant;
  const runner = plant.start();
  writeFileSync(join(home, 'in'), 'ab\n');
  const fields = { kind: 'regEx', inputRegEx: '(a)(.)', outputFormat: '%2$s' } as const;
  service.offer('token-1', copyTask(`file://${home}/in`, 's3://data/out', fields, { ...fields, outputFormat: '%2$s%1$s' }));
  expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
  expect(plant.object('data', 'out')).toBe('ba\n');
  expect(plant.logged('task-runner.log')).toContain('"files copied"');
  expect(runner.log().length).toBeGreaterThan(0);
  service.offer('token-2', copyTask(`file://${home}/in`, 's3://nowhere/out', fields));
  expect((await service.answer('token-2')).body).toMatchObject({ error: COPY_FAILED, cause: expect.stringContaining('output Out (s3://nowhere/out): NoSuchBucket') });
});

test('a Task Runner that was stopped and goes on stops the work whose token has timed out meanwhile', async () => {
  const { service, home } = plant;
  const runner = plant.start();
  const pids = join(home, 'pids');
  service.offer('token-1', shellTask({ command: `sleep 300 & echo $$ $! > ${pids}; wait`, reportProgressTimeoutSeconds: 1 }));
  await service.until(() => service.of('SendTaskHeartbeat', 'token-1').length > 0 && existsSync(pids));
  const group = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
  runner.kill('SIGSTOP');
  service.gone.add('token-1');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(group.every(isAlive)).toBe(true);
  runner.kill('SIGCONT');
  await service.until(() => service.waiting === 2);
  expect([group.filter(isAlive), service.answers('token-1')]).toEqual([[], []]);
});
