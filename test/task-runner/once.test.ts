/** What becomes of tasks when the process that holds them is killed, in a work directory that outlives it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, Plant } from './plant';
import { TaskRunnerProcess } from './task-runner-process';
import { shellTask } from './tasks';
import { TASK_RUNNER_STOPPED } from '../../src/contract/errors';

let plant: Plant;
beforeEach(async () => { plant = await Plant.open(); });
afterEach(async () => plant.close());

const killed = async (runner: TaskRunnerProcess) => {
  runner.kill('SIGKILL');
  await runner.exit;
};
const folders = () => readdirSync(plant.work);

test('the next process stops the work of the one that was killed, and fails what it held so that it is retried', async () => {
  const { service, home } = plant;
  const first = plant.start();
  const pids = () => readFileSync(join(home, 'pids'), 'utf8').trim().split('\n').map(Number);
  const note = `echo $$ >> ${home}/pids`;
  const [plain, outside, unmarked] = ['', 'setsid ', 'env -i PATH="$PATH" '].map((how) => `${how}sh -c 'trap "" TERM; ${note}; sleep 300; :' &`);
  service.offer('token-1', shellTask({ command: `${plain} ${outside} ${unmarked} ${note}; wait` }));
  await service.until(() => service.waiting === 1);
  while (!existsSync(join(home, 'pids')) || pids().length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  await killed(first);
  expect(pids().filter(isAlive)).toHaveLength(4);

  const second = plant.start();
  const { action, body } = await service.answer('token-1');
  expect({ action, error: body.error, cause: body.cause }).toEqual({
    action: 'SendTaskFailure', error: TASK_RUNNER_STOPPED, cause: expect.stringMatching(/^Task Runner on .* ended before the work was done$/),
  });
  expect(pids().filter(isAlive)).toEqual([]);
  second.kill('SIGTERM');
  await second.exit;
  expect([folders(), service.answers('token-1').length]).toEqual([[], 1]);
}, 60_000);

test('an answer that has not got through is sent by the next process, as it was', async () => {
  const { service } = plant;
  const busy = { action: 'SendTaskSuccess', type: 'ServiceUnavailable', status: 503 };
  service.failures.push(...Array.from({ length: 100 }, () => busy));
  const first = plant.start();
  service.offer('token-1', shellTask({ command: 'echo once' }));
  const { body } = await service.answer('token-1');
  await killed(first);
  service.failures.length = 0;
  const before = service.answers('token-1').length;
  plant.start();
  await service.until(() => service.answers('token-1').length > before && service.waiting === 2);
  expect(service.answers('token-1').slice(before)).toEqual([expect.objectContaining({ action: 'SendTaskSuccess', body })]);
});

test('an answer that was being sent when nothing was waited for any more is sent by the next process', async () => {
  const { service } = plant;
  const first = plant.start();
  await service.until(() => service.waiting === 2);
  service.failures.push(...Array.from({ length: 1000 }, () => ({ action: 'SendTaskSuccess', type: 'ServiceUnavailable', status: 503 })));
  service.offer('token-1', shellTask());
  await service.answer('token-1');
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGTERM'] as const) {
    first.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await first.exit).toEqual({ code: 0, signal: null });
  expect(folders()).toHaveLength(1);
  service.failures.length = 0;
  const before = service.answers('token-1').length;
  plant.start();
  await service.until(() => service.answers('token-1').length > before);
});

test('after a loss of power, what was held is answered, and processes of the same ids are left alone', async () => {
  const { service, work } = plant;
  const folder = join(work, 'runner-0a0b0c0d-4711-99');
  mkdirSync(join(folder, 'journal'), { recursive: true });
  const { pid } = process;
  const { start } = { start: readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')[19] };
  writeFileSync(join(folder, 'journal/a.task'), JSON.stringify({ id: 'a', token: 'token-1', labels: {} }));
  writeFileSync(join(folder, 'journal/a.leader'), JSON.stringify({ pid, start }));
  writeFileSync(join(folder, 'journal/b.task.unfinished'), '{"id":');
  plant.start();
  expect((await service.answer('token-1')).body.error).toBe(TASK_RUNNER_STOPPED);
});

test('a work directory has one Task Runner that polls, and any number that do one task', async () => {
  const { service, home } = plant;
  plant.start();
  await service.until(() => service.waiting === 2);
  const second = plant.start();
  expect(await second.exit).toEqual({ code: 1, signal: null });
  expect(second.stderr).toContain(`the work directory ${plant.work} is that of another Task Runner`);
  writeFileSync(join(home, 'task'), encodeURIComponent(JSON.stringify({ token: 'token-1', task: shellTask() })));
  expect(await plant.run('--taskFile', join(home, 'task'), '--region', 'eu-central-1').exit).toEqual({ code: 0, signal: null });
  expect(service.answers('token-1').map(({ action }) => action)).toEqual(['SendTaskSuccess']);
});
