import { ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Folder } from '../simulator/servers/s3-folder';
import { S3Store } from '../simulator/servers/s3-store';
import { FakeStepFunctions } from '../test/task-runner/fake-step-functions';
import { ACTIVITY_ARN } from '../test/task-runner/task-runner-process';
import { shellTask } from '../test/task-runner/tasks';

export const BUNDLE = join(__dirname, '../assets/task-runner/task-runner.js');

/** What tasks that do nothing take, by Task Runner and by a bare loop of the SDK, which is what the stand-in of the service can do. */
export interface TaskSpeed {
  readonly by: string;
  readonly concurrency: number;
  readonly tasksPerSecond: number;
  /** Milliseconds from the moment that the service has a task for a worker that waits, to its answer: half of them, and 95 of 100, take less. */
  readonly p50: number;
  readonly p95: number;
  /** Megabytes that the process has when it waits, and the most that it had. */
  readonly idle: number;
  readonly most: number;
}

export interface Starts {
  readonly taskRunner: number;
  readonly node: number;
}

type Worker = 'Task Runner' | 'a bare loop';

/** One after the other, for each of the concurrencies. */
export async function taskSpeeds(tasks: number, concurrencies: readonly number[]): Promise<TaskSpeed[]> {
  const speeds: TaskSpeed[] = [];
  for (const concurrency of concurrencies) {
    for (const by of ['Task Runner', 'a bare loop'] as const) speeds.push(await withPlace(async (place) => taskSpeed(by, place, tasks, concurrency)));
  }
  return speeds;
}

/** Milliseconds until Task Runner polls, and until a Node.js that has nothing to do ends: the best of so many. */
export async function starts(rounds: number): Promise<Starts> {
  const best = { taskRunner: Infinity, node: Infinity };
  for (let round = 0; round < rounds; round += 1) {
    best.taskRunner = Math.min(best.taskRunner, await withPlace(startOfTaskRunner));
    const began = performance.now();
    await once(spawn(process.execPath, ['-e', '0']), 'exit');
    best.node = Math.min(best.node, performance.now() - began);
  }
  return best;
}

/** Kilobytes. */
export function bundleSize(): number {
  return statSync(BUNDLE).size / 1000;
}

interface Place {
  readonly home: string;
  readonly service: FakeStepFunctions;
  readonly s3: S3Folder;
}

async function withPlace<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'task-runner-benchmark-'));
  const store = new S3Store(join(home, 's3'));
  store.createBucket('logs');
  const place = { home, service: await FakeStepFunctions.start(), s3: await S3Folder.start(store) };
  try {
    return await use(place);
  } finally {
    await place.service.close();
    await place.s3.close();
    rmSync(home, { recursive: true });
  }
}

function started(by: Worker, { home, service, s3 }: Place, concurrency: number): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_SFN: service.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
  };
  if (by === 'Task Runner') return spawn(process.execPath, [BUNDLE, '--workerGroup', ACTIVITY_ARN, '--tasks', `${concurrency}`], { env, stdio: 'ignore' });
  return fork(join(__dirname, 'bare-worker.ts'), [ACTIVITY_ARN, `${concurrency}`], { env, execArgv: ['--import', 'tsx'], stdio: 'ignore' });
}

async function stopped(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
}

async function startOfTaskRunner(place: Place): Promise<number> {
  const began = performance.now();
  const worker = started('Task Runner', place, 1);
  await place.service.until(() => place.service.waiting === 1);
  const took = performance.now() - began;
  await stopped(worker);
  return took;
}

async function taskSpeed(by: Worker, place: Place, tasks: number, concurrency: number): Promise<TaskSpeed> {
  const { service } = place;
  const worker = started(by, place, concurrency);
  await service.until(() => service.waiting === concurrency);
  await inTurn(service, 'warm-up', concurrency);
  const idle = memoryOf(worker, 'VmRSS');
  const latencies = (await inTurn(service, 'latency', tasks)).sort((a, b) => a - b);
  const seconds = await atOnce(service, tasks);
  const most = memoryOf(worker, 'VmHWM');
  await stopped(worker);
  const percentile = (share: number) => latencies[Math.floor(share * (latencies.length - 1))];
  return { by, concurrency, tasksPerSecond: tasks / seconds, p50: percentile(0.5), p95: percentile(0.95), idle, most };
}

/** Each when the one before is answered: how long each took. */
async function inTurn(service: FakeStepFunctions, name: string, tasks: number): Promise<number[]> {
  const took: number[] = [];
  for (let task = 0; task < tasks; task += 1) {
    const began = performance.now();
    service.offer(`${name}-${task}`, shellTask());
    await service.answer(`${name}-${task}`);
    took.push(performance.now() - began);
  }
  return took;
}

/** All of them: how many seconds they took. */
async function atOnce(service: FakeStepFunctions, tasks: number): Promise<number> {
  const before = service.of('SendTaskSuccess').length;
  const began = performance.now();
  for (let task = 0; task < tasks; task += 1) service.offer(`all-${task}`, shellTask());
  await service.until(() => service.of('SendTaskSuccess').length === before + tasks);
  return (performance.now() - began) / 1000;
}

function memoryOf({ pid }: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
