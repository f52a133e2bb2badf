import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeStepFunctions } from './fake-step-functions';
import { ACTIVITY_ARN, TaskRunnerProcess } from './task-runner-process';
import { VirtualClock } from '../../simulator/clock';
import { Evaluator } from '../../simulator/jsonata';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { Json } from '../../simulator/task';
import { Activity, EmrActivity, EmrStep, HadoopActivity, HiveActivity } from '../../src';
import { COMMAND_FAILED, INVALID_TASK } from '../../src/contract/errors';
import { StepsTask } from '../../src/contract/task';
import { hosts, pipeline } from '../compiler/fixture';
import { runMachine } from '../compiler/machines';

const home = mkdtempSync(join(tmpdir(), 'steps-test-'));
const store = new S3Store(join(home, 's3'));
let service: FakeStepFunctions;
let s3: S3Folder;
let runner: TaskRunnerProcess;

/** A stand-in of a program: it says what it was called with. */
function program(name: string, does = ''): void {
  writeFileSync(join(home, 'bin', name), `#!/bin/bash\necho ${name} "$(printf '[%s]' "$@")" "$HADOOP_CLIENT_OPTS"\n${does}\n`);
  chmodSync(join(home, 'bin', name), 0o755);
}

beforeAll(async () => {
  const bundle = join(home, 'task-runner.js');
  TaskRunnerProcess.bundle(bundle);
  mkdirSync(join(home, 'bin'));
  program('hadoop', 'cat "$2"');
  program('hive');
  store.createBucket('logs');
  store.createBucket('code');
  await store.put('code', 'job.jar', 'a jar\n');
  await store.put('code', 'with.sh', 'echo "script $1"\n');
  service = await FakeStepFunctions.start();
  s3 = await S3Folder.start(store);
  runner = new TaskRunnerProcess(bundle, ['--workerGroup', ACTIVITY_ARN, '--taskrunnerId', 'edge', '--workDir', join(home, 'work')], {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_SFN: service.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
  });
});

afterAll(async () => {
  runner.kill('SIGKILL');
  await runner.exit;
  await service.close();
  await s3.close();
  rmSync(home, { recursive: true });
});

/** What a run of 2026-12-01 hands to the Task Runners of the activity's worker group. */
async function taskOf({ pipeline: scope, objectId }: Activity): Promise<StepsTask> {
  const { States } = runMachine(scope);
  const constants = Object.values(States).map(({ Assign }) => Assign as Record<string, Json> | undefined).find((assign) => assign?.c1 !== undefined);
  const variables = { ...constants, run: 'run', scheduledStartTime: '2026-12-01T00:00:00Z' };
  const bindings = { variables, states: { context: { State: { RetryCount: 0 } } } };
  return await new Evaluator(new VirtualClock(0), () => 0).evaluate(States[objectId].Arguments, bindings, 'Arguments') as unknown as StepsTask;
}

let offered = 0;
async function answerTo(task: StepsTask): Promise<{ error?: string; cause?: string; lines: string[] }> {
  const token = `token-${offered += 1}`;
  service.offer(token, task);
  const { body: { error, cause } } = await service.answer(token);
  return { error, cause, lines: error === INVALID_TASK ? [] : readFileSync(join(home, 's3', 'logs', 'p/Work/run/1/stdout'), 'utf8').split('\n') };
}

test('runs the steps of an activity one after the other, with no shell between', async () => {
  const scope = pipeline();
  const task = await taskOf(new EmrActivity(scope, 'Work', {
    runsOn: hosts(scope),
    preStepCommand: ['echo before "#{@id}"'],
    steps: [
      EmrStep.command(['hive', '-e', "it's $(id); #{@scheduledStartTime}"]),
      EmrStep.jar({ jar: 's3://code/job.jar', mainClass: 'Main', arguments: ['a b'], properties: { mode: '#{@id}' } }),
      EmrStep.fromString('s3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar,s3://code/with.sh,x*'),
    ],
    postStepCommand: ['echo after'],
  }));
  const { error, lines } = await answerTo(task);
  expect(error).toBeUndefined();
  expect(lines).toEqual([
    'before Work',
    "hive [-e][it's $(id); 2026-12-01T00:00:00Z] ",
    expect.stringMatching(/^hadoop \[jar\]\[.*\/job\.jar\]\[Main\]\[a b\] -Dmode=Work$/),
    'a jar',
    'script x*',
    'after', '',
  ]);
});

test('ends at the first step that fails, and says which', async () => {
  const scope = pipeline();
  const task = await taskOf(new EmrActivity(scope, 'Work', {
    runsOn: hosts(scope), steps: [EmrStep.command(['hive']), EmrStep.command(['bash', '-c', 'echo no table >&2; exit 3']), EmrStep.command(['hive'])],
  }));
  expect(await answerTo(task)).toEqual({ error: COMMAND_FAILED, cause: 'Work: step 2: exit code 3: no table', lines: ['hive [] ', ''] });
});

test('runs Hive and jars of the host as a cluster would', async () => {
  const scope = pipeline();
  const query = await taskOf(new HiveActivity(scope, 'Work', { runsOn: hosts(scope), scriptUri: 's3://code/day.q', scriptVariable: ['day=#{@scheduledStartTime}'], stage: false }));
  expect((await answerTo(query)).lines[0]).toBe('hive [-d][day=2026-12-01T00:00:00Z][-f][s3://code/day.q] ');
  const other = pipeline();
  const job = await taskOf(new HadoopActivity(other, 'Work', { runsOn: hosts(other), jarUri: '/dev/null', argument: ['-v'] }));
  expect((await answerTo(job)).lines[0]).toBe('hadoop [jar][/dev/null][-v] ');
});

test('stops what runs when the task is gone', async () => {
  const scope = pipeline();
  program('endless', `echo $$ > '${home}/pid'; exec sleep 1000`);
  const task = await taskOf(new EmrActivity(scope, 'Work', { runsOn: hosts(scope), steps: [EmrStep.command(['endless'])] }));
  service.offer('gone', { ...task, reportProgressTimeoutSeconds: 1 });
  while (!alive(written())) await glance();
  service.gone.add('gone');
  while (alive(written())) await glance();
  expect(service.answers('gone')).toEqual([]);
});

const glance = async () => new Promise((resolve) => setTimeout(resolve, 20));
const written = () => existsSync(join(home, 'pid')) ? Number(readFileSync(join(home, 'pid'), 'utf8')) : 0;

function alive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each<[string, object, string]>([
  ['a command that is none', { jar: 'command-runner.jar', args: [] }, 'task: steps[0]: args: is []; it must be what command-runner.jar runs, and its arguments'],
  ['a property with a space', { jar: 'a.jar', properties: { p: 'a b' } }, 'task: steps[0]: properties: p: is "a b"; it must be a string without spaces'],
])('refuses %s', async (_, change, cause) => {
  const scope = pipeline();
  const task = await taskOf(new EmrActivity(scope, 'Work', { runsOn: hosts(scope), steps: [EmrStep.command(['hive'])] }));
  expect(await answerTo({ ...task, steps: [{ ...task.steps[0], ...change }] })).toEqual({ error: INVALID_TASK, cause, lines: [] });
});
