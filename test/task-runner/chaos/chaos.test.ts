/**
 * Real processes, killed, stopped and resumed, cut off, on a full disk, by a service that throttles, fails, and does things without saying so.
 * CHAOS_TASKS and CHAOS_SEED make it longer, or another.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fleet } from './fleet';
import { SmallDisk } from './small-disk';
import { UnreliableLink } from './unreliable-link';
import { Counts, machine } from './work';
import { ForwardingClock } from '../../../simulator/clock';
import { Endpoint } from '../../../simulator/endpoint';
import { seededRandom } from '../../../simulator/jsonata';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { StepFunctions } from '../../../simulator/step-functions';
import { processesWhere } from '../../../task-runner/host-processes';
import { ACTIVITY_ARN, TaskRunnerProcess } from '../task-runner-process';

const TASKS = Number(process.env.CHAOS_TASKS ?? 20);
const SEED = Number(process.env.CHAOS_SEED ?? 1);

const home = mkdtempSync(join(tmpdir(), 'chaos-'));
const bundle = join(home, 'task-runner.js');

beforeAll(() => TaskRunnerProcess.bundle(bundle));
afterAll(() => rmSync(home, { recursive: true }));

test(`${TASKS} tasks, each finishes once, whatever happens`, async () => {
  const random = seededRandom(SEED);
  const store = new S3Store(join(home, 's3'));
  store.createBucket('logs');
  mkdirSync(join(home, 'done'));
  const s3 = await S3Folder.start(store);
  const clock = new ForwardingClock();
  const service = new StepFunctions({ clock, keepHistory: false });
  const endpoint = await Endpoint.start(service);
  const counts = new Counts();
  const link = await UnreliableLink.to(endpoint.url, random, counts.note);
  const disk = new SmallDisk(join(home, 'disk'));
  if (process.env.CI_TIERS !== undefined) expect(disk.isSmall).toBe(true);
  const fleet = new Fleet(bundle, ACTIVITY_ARN, 3, Math.min(8, Math.ceil(TASKS / 3)), disk, link, {
    HOME: home, CHAOS: home, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL_S3: s3.endpoint,
  });
  const over = new AbortController();
  const started = Date.now();
  try {
    await endpoint.polled(ACTIVITY_ARN);
    link.failing = 0.03;
    const execution = service.startExecution({ stateMachineArn: service.createStateMachine({ name: 'Chaos', definition: machine(ACTIVITY_ARN, home) }), input: TASKS });
    const trouble = fleet.trouble(random, over.signal);
    const { status, output } = await clock.run(execution.result);
    over.abort();
    await trouble;
    link.failing = 0;
    console.log(`seed ${SEED}: ${TASKS} tasks, ${counts.attempts} attempts, ${(Date.now() - started) / 1000} s, ${JSON.stringify([...fleet.told])}`);
    expect([status, (output as unknown[]).length]).toEqual(['SUCCEEDED', TASKS]);
    expect(await fleet.stop()).toEqual(Array(3).fill({ code: 0, signal: null }));
    // The last answer may still have been on its way when the run had it.
    expect([...counts.successes.values()]).toEqual(Array(TASKS).fill(1));
    expect(readdirSync(join(home, 'done'))).toHaveLength(TASKS);
    expect(processesWhere((_, environment) => environment().includes(`\0CHAOS=${home}\0`))).toEqual([]);
    for (const index of ['0', '1', '2']) expect(readdirSync(join(disk.directory, index))).toEqual([]);
  } finally {
    over.abort();
    link.restore();
    await fleet.destroy();
    await link.close();
    await endpoint.close();
    await s3.close();
    disk.close();
  }
}, 300_000);
