import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeStepFunctions } from './fake-step-functions';
import { isAlive, Plant } from './plant';
import { TaskRunnerProcess } from './task-runner-process';
import { shellTask } from './tasks';
import { S3Store } from '../../simulator/servers/s3-store';
import { COMMAND_FAILED, INVALID_TASK, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT, STAGING_FAILED, TASK_RUNNER_STOPPED } from '../../src/contract/errors';

let plant: Plant;
let service: FakeStepFunctions;
let store: S3Store;
let home: string;

beforeEach(async () => {
  plant = await Plant.open();
  ({ service, store, home } = plant);
});
afterEach(async () => plant.close());

const start = (...args: string[]) => plant.start(...args);
const object = (bucket: string, key: string) => plant.object(bucket, key);
const logged = (name: string) => plant.logged(name);

test('runs a command, delivers its logs and answers once', async () => {
  const runner = start();
  service.offer('token-1', shellTask({
    command: 'echo "$1|$2|$DATA_PIPELINE_OBJECT|$DATA_PIPELINE_RUN|$DATA_PIPELINE_ATTEMPT"; echo oops >&2; pwd; cat /proc/self/environ | tr "\\0" "\\n"',
    scriptArguments: ['$(touch hacked); a b', '"; exit 9 #'],
    stdout: 's3://data/copies/out.txt',
    stderr: join(home, 'copies', 'err.txt'),
  }));
  const { action, body } = await service.answer('token-1');
  expect(action).toBe('SendTaskSuccess');
  expect(JSON.parse(body.output)).toEqual({
    exitCode: 0, hostname: expect.any(String), taskRunnerId: 'plant-1', logUri: 's3://logs/LogEtl/Extract/2026-12-01T00-00-00Z/1/',
  });
  expect(logged('stdout').split('\n')[0]).toBe('$(touch hacked); a b|"; exit 9 #|Extract|2026-12-01T00-00-00Z|1');
  expect(logged('stderr')).toBe('oops\n');
  expect(object('data', 'copies/out.txt')).toBe(logged('stdout'));
  expect(readFileSync(join(home, 'copies', 'err.txt'), 'utf8')).toBe('oops\n');
  expect(logged('stdout')).not.toMatch(/AKIDEXAMPLE|a-secret-key|a-password/);
  expect(logged('task-runner.log')).toContain('"command ended"');

  runner.kill('SIGTERM');
  expect(await runner.exit).toEqual({ code: 0, signal: null });
  expect(service.answers('token-1')).toHaveLength(1);
  expect(readdirSync(join(home, 'work'))).toEqual([]);
  expect(runner.log().map(({ message }) => message)).toEqual(expect.arrayContaining(['started', 'answered', 'stopped']));
  expect(runner.stderr).not.toMatch(/token-1|AKIDEXAMPLE|a-secret-key|a-password/);
});

test('stages inputs and outputs, with names as hostile as they come', async () => {
  const names = ['plain.log', 'with space', 'deep/er/file', '-rf', "it's", '"quoted"', '%2e%2e', '$(id)', 'ünï\u4e2d', 'new\nline', 'a+b&c=d;?#'];
  for (const name of names) await store.put('data', `raw/${name}`, `data of ${name}`);
  await store.put('data', 'one/single file.csv', 'a,b\n');
  start();
  service.offer('token-1', shellTask({
    stage: true,
    command: 'cp -R "$INPUT1_STAGING_DIR"/. "$OUTPUT1_STAGING_DIR"/ && cp "$INPUT2_STAGING_DIR/single file.csv" "$OUTPUT2_STAGING_DIR/copy.csv" && : > "$OUTPUT1_STAGING_DIR/empty"',
    inputs: [{ object: 'Raw', uri: 's3://data/raw/' }, { object: 'One', uri: 's3://data/one/single file.csv' }],
    outputs: [{ object: 'Clean', uri: 's3://data/clean/' }, { object: 'Copy', uri: 's3://data/two/copy.csv' }],
  }));
  const { action, body } = await service.answer('token-1');
  expect({ action, cause: body.cause }).toEqual({ action: 'SendTaskSuccess', cause: undefined });
  for (const name of names) expect(await text(`clean/${name}`)).toBe(`data of ${name}`);
  expect(await text('clean/empty')).toBe('');
  expect(await text('two/copy.csv')).toBe('a,b\n');
});

const text = async (key: string) => readFileSync(store.get('data', key).file, 'utf8');

test('runs a script with and without an interpreter line', async () => {
  await store.put('data', 'scripts/with.sh', '#!/bin/sh\necho "with $1"\n');
  await store.put('data', 'scripts/without.sh', 'echo "without $1"\n');
  start();
  service.offer('token-1', shellTask({ scriptUri: 's3://data/scripts/with.sh', scriptArguments: ['a b'] }));
  expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
  expect(logged('stdout')).toBe('with a b\n');
  service.offer('token-2', shellTask({ scriptUri: 's3://data/scripts/without.sh', scriptArguments: ['*'] }));
  expect((await service.answer('token-2')).action).toBe('SendTaskSuccess');
  expect(logged('stdout')).toBe('without *\n');
});

test.each([
  ['an exit code', shellTask({ command: 'echo first >&2; echo last >&2; exit 3' }), COMMAND_FAILED, 'exit code 3: first\nlast'],
  ['a signal', shellTask({ command: 'kill -9 $$' }), COMMAND_FAILED, 'signal SIGKILL'],
  ['a missing command', shellTask({ command: 'no-such-command' }), COMMAND_FAILED, 'exit code 127: '],
  ['a precondition that does not hold', shellTask({ purpose: 'precondition', command: 'exit 1', deadline: '2999-01-01T00:00:00Z' }), PRECONDITION_NOT_HELD, 'exit code 1'],
  ['a precondition after its deadline', shellTask({ purpose: 'precondition', command: 'exit 1', deadline: '2020-01-01T00:00:00Z' }), PRECONDITION_TIMED_OUT, 'exit code 1'],
  ['no JSON', 'nonsense', INVALID_TASK, 'task: document: is "nonsense"'],
  ['another version', { ...shellTask(), version: 2 }, INVALID_TASK, 'task: version: is 2; it must be one of 1'],
  ['a missing input object', shellTask({ stage: true, inputs: [{ object: 'Raw', uri: 's3://data/raw/x' }] }), STAGING_FAILED, 'input Raw (s3://data/raw/x): there is no such object'],
  ['an empty input folder', shellTask({ stage: true, inputs: [{ object: 'Raw', uri: 's3://data/raw/' }] }), STAGING_FAILED, 'input Raw (s3://data/raw/): there is nothing under it'],
  ['a missing bucket', shellTask({ stage: true, inputs: [{ object: 'Raw', uri: 's3://nowhere/raw/' }] }), STAGING_FAILED, 'input Raw (s3://nowhere/raw/): NoSuchBucket'],
  ['a missing script', shellTask({ scriptUri: 's3://data/x.sh' }), STAGING_FAILED, 'scriptUri (s3://data/x.sh): there is no such object'],
])('fails %s by its name', async (_, task, error, cause) => {
  start();
  service.offer('token-1', task);
  const { action, body } = await service.answer('token-1');
  expect({ action, error: body.error, cause: body.cause }).toEqual({ action: 'SendTaskFailure', error, cause: expect.stringContaining(cause) });
});

test('logs are there while the command runs, which may open its outputs by their names, and leave them to others', async () => {
  start();
  service.offer('token-1', shellTask({ command: 'echo named > /dev/stderr; echo early; setsid sleep 20 & echo $! >&2; sleep 6; echo late' }));
  while (!existsSync(join(home, 's3/logs/LogEtl/Extract/2026-12-01T00-00-00Z/1/stdout'))) await new Promise((resolve) => setTimeout(resolve, 50));
  expect([logged('stdout'), service.answers('token-1')]).toEqual(['early\n', []]);
  const { action, at } = await service.answer('token-1');
  expect([action, logged('stdout')]).toEqual(['SendTaskSuccess', 'early\nlate\n']);
  const [named, pid] = logged('stderr').split('\n');
  expect([named, isAlive(Number(pid))]).toEqual(['named', true]);
  process.kill(Number(pid));
  expect(at - service.of('GetActivityTask')[0].at).toBeLessThan(15_000);
});

test('of more than a host has room for, the first and the last part is kept', async () => {
  start();
  service.offer('token-1', shellTask({ command: 'head -c 110000000 /dev/zero | tr "\\0" x; echo end; exit 1' }));
  const { body } = await service.answer('token-1');
  expect(body.cause).toBe('exit code 1');
  const kept = logged('stdout');
  const [, gap] = /x\n\[(\d+) bytes of this log were left out here\]\nx/.exec(kept) ?? [];
  expect(kept.length - '\n[ bytes of this log were left out here]\n'.length - gap.length + Number(gap)).toBe(110_000_004);
  expect(kept.length).toBeLessThan(105_000_000);
  expect(kept.endsWith('xend\n')).toBe(true);
}, 60_000);

test('logs are delivered on failure too', async () => {
  start();
  service.offer('token-1', shellTask({ command: 'echo out; echo err >&2; exit 1' }));
  await service.answer('token-1');
  expect([logged('stdout'), logged('stderr')]).toEqual(['out\n', 'err\n']);
  expect(logged('task-runner.log')).toContain('"exitCode":1');
});

test('answers although the logs cannot be delivered, and keeps them', async () => {
  const runner = start();
  service.offer('token-1', shellTask({ command: 'echo kept', logUri: 's3://nowhere/logs/' }));
  expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
  const kept = runner.log().find(({ message }) => String(message).startsWith('the logs stay here'));
  expect(readFileSync(join(String(kept?.directory), 'stdout'), 'utf8')).toBe('kept\n');
});

test('reports progress at a third of the timeout while it works', async () => {
  start();
  service.offer('token-1', shellTask({ command: 'sleep 2.2', reportProgressTimeoutSeconds: 1 }));
  const { action, at } = await service.answer('token-1');
  expect(action).toBe('SendTaskSuccess');
  const beats = service.of('SendTaskHeartbeat', 'token-1');
  expect(beats.length).toBeGreaterThanOrEqual(4);
  beats.slice(1).forEach((beat, index) => expect(beat.at - beats[index].at).toBeLessThan(1000));
  expect(at - beats[beats.length - 1].at).toBeLessThan(1000);
});

test('stops the whole process group when the token is refused, and answers nothing', async () => {
  start();
  const pids = join(home, 'pids');
  service.offer('token-1', shellTask({
    command: `trap '' TERM; (trap '' TERM; echo $$ >> ${pids}; sh -c 'echo $$ >> ${pids}; sleep 300') & echo $$ >> ${pids}; wait; sleep 300`,
    reportProgressTimeoutSeconds: 1,
  }));
  await service.until(() => service.of('SendTaskHeartbeat', 'token-1').length > 0 && existsSync(pids));
  const group = () => readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(group().some(isAlive)).toBe(true);
  service.gone.add('token-1');
  await service.until(() => service.waiting === 2);
  expect(group().filter(isAlive)).toEqual([]);
  expect(service.answers('token-1')).toEqual([]);
});

test('nothing that a command left behind outlives it', async () => {
  start();
  service.offer('token-1', shellTask({ command: 'sleep 300 & echo $!' }));
  expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
  expect(isAlive(Number(logged('stdout')))).toBe(false);
});

test('on SIGTERM finishes what it holds and takes nothing new', async () => {
  const runner = start();
  await service.until(() => service.waiting === 2);
  service.offer('token-1', shellTask({ command: 'sleep 1.5; echo done' }));
  await service.until(() => service.waiting === 1);
  runner.kill('SIGTERM');
  await service.until(() => service.waiting === 0);
  service.offer('token-2', shellTask());
  expect((await service.answer('token-1')).action).toBe('SendTaskSuccess');
  expect(await runner.exit).toEqual({ code: 0, signal: null });
  expect(service.answers('token-2')).toEqual([]);
});

test.each([['the drain timeout', '1', 0], ['a second signal', '300', 1]])('after %s fails what it holds so that it is retried', async (_, drainTimeout, more) => {
  const runner = start('--drainTimeout', drainTimeout);
  service.offer('token-1', shellTask({ command: 'echo begun; sleep 300 & echo $!; wait' }));
  await service.until(() => service.waiting === 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  runner.kill('SIGTERM');
  await service.until(() => service.waiting === 0);
  if (more) runner.kill('SIGTERM');
  const { action, body } = await service.answer('token-1');
  expect({ action, error: body.error }).toEqual({ action: 'SendTaskFailure', error: TASK_RUNNER_STOPPED });
  expect(await runner.exit).toEqual({ code: 0, signal: null });
  const [begun, pid] = logged('stdout').split('\n');
  expect([begun, isAlive(Number(pid))]).toEqual(['begun', false]);
});

test('comes back after errors of the service, on polls and on answers', async () => {
  service.failures.push(
    { action: 'GetActivityTask', type: 'ThrottlingException', status: 400 }, { action: 'GetActivityTask', type: 'InternalError', status: 500 },
    { action: 'SendTaskSuccess', type: 'ServiceUnavailable', status: 503 }, { action: 'SendTaskSuccess', type: 'ThrottlingException', status: 400 },
  );
  start();
  service.offer('token-1', shellTask());
  await service.until(() => service.of('SendTaskSuccess', 'token-1').length === 3);
  await service.until(() => service.waiting === 2);
  expect(service.answers('token-1')).toHaveLength(3);
});

test('keeps its own log in S3 and in files where that is asked for, and has as many slots as are', async () => {
  const runner = start('--logUri', 's3://logs/own', '--output', join(home, 'own'), '--tasks', '12');
  await service.until(() => service.waiting === 12);
  runner.kill('SIGINT');
  expect((await runner.exit).code).toBe(0);
  const [name] = readdirSync(join(home, 's3/logs/own/plant-1'));
  expect(object('logs', `own/plant-1/${name}`)).toContain('"message":"started"');
  const lines = readFileSync(join(home, 'own/task-runner.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  const ours = lines.filter(({ message }) => !String(message).startsWith('NodeVersionSupportWarning'));
  expect(ours.map(({ message }) => message)).toEqual(['started', 'stopping: no new tasks', 'stopped']);
  expect(runner.stderr).toBe('');
});

test('--help, --version and mistakes', async () => {
  const outcome = async (...args: string[]) => {
    const runner = new TaskRunnerProcess(plant.bundle, args, {});
    return { ...await runner.exit, stdout: runner.stdout, stderr: runner.stderr };
  };
  expect(await outcome('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: task-runner') });
  expect(await outcome('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(await outcome('--workergroup', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining("'--workergroup' (options: --workerGroup,") });
});

test('does the one task of a file, which is gone then, and ends', async () => {
  const file = join(home, 'task');
  const give = (token: string, command: string) => {
    writeFileSync(file, encodeURIComponent(JSON.stringify({ token, task: shellTask({ command }) })));
    return plant.run('--taskFile', file, '--region', 'eu-central-1');
  };
  const runner = give('token-1', `echo "\u00fc"; ls ${file}`);
  expect((await service.answer('token-1')).body).toMatchObject({ error: COMMAND_FAILED, cause: expect.stringContaining('No such file') });
  expect(await runner.exit).toEqual({ code: 0, signal: null });
  expect(logged('stdout')).toBe('\u00fc\n');
  expect(service.of('GetActivityTask')).toEqual([]);

  service.gone.add('token-2');
  expect(await give('token-2', `touch ${join(home, 'done')}`).exit).toEqual({ code: 0, signal: null });
  expect(existsSync(join(home, 'done'))).toBe(false);
});
