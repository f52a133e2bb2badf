/**
 * Task Runners that are killed, stopped and resumed, and cut off, on the Step Functions API of an emulator that others wrote (MiniStack): each
 * task finishes once by its history.
 *
 * EMULATOR_TASKS and CHAOS_SEED make it longer, or another.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { EmulatedActivity } from './emulated-activity';
import { MiniStack } from './ministack';
import { seededRandom } from '../../../simulator/jsonata';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { processesWhere } from '../../../task-runner/host-processes';
import { Fleet } from '../../task-runner/chaos/fleet';
import { SmallDisk } from '../../task-runner/chaos/small-disk';
import { UnreliableLink } from '../../task-runner/chaos/unreliable-link';
import { Counts, HEARTBEAT_SECONDS, machine } from '../../task-runner/chaos/work';
import { TaskRunnerProcess } from '../../task-runner/task-runner-process';

const executable = process.env.MINISTACK ?? '';
const TASKS = Number(process.env.EMULATOR_TASKS ?? 100);
const SEED = Number(process.env.CHAOS_SEED ?? 1);
/** A poll of a Task Runner that is killed goes on in the emulator, and takes a task that nobody gets: of more slots, and more trouble, more. */
const SLOTS = 4;
const BETWEEN_TROUBLES = 4000;
const home = mkdtempSync(join(tmpdir(), 'trouble-'));
const bundle = join(home, 'task-runner.js');

beforeAll(() => TaskRunnerProcess.bundle(bundle));
afterAll(() => rmSync(home, { recursive: true }));

test('the emulator is there where nothing may be skipped', () => {
  expect(executable !== '' || process.env.CI_TIERS !== '1').toBe(true);
});

(executable ? test : test.skip)(`${TASKS} tasks, each finishes once`, async () => {
  const random = seededRandom(SEED);
  const emulator = await MiniStack.start(executable, join(home, 'ministack'));
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = emulator.environment;
  const client = new SFNClient({ endpoint, region, credentials: { accessKeyId: id, secretAccessKey: secret } });
  const activity = await EmulatedActivity.create(client, 'Plant', HEARTBEAT_SECONDS * 1000);
  const store = new S3Store(join(home, 's3'));
  store.createBucket('logs');
  mkdirSync(join(home, 'done'));
  const s3 = await S3Folder.start(store);
  const counts = new Counts();
  const link = await UnreliableLink.to(endpoint, random, (exchange) => [counts, activity].forEach((each) => each.note(exchange)), activity.refuses);
  const disk = new SmallDisk(join(home, 'disk'));
  const fleet = new Fleet(bundle, activity.arn, 3, SLOTS, disk, link, {
    HOME: home, CHAOS: home, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL_S3: s3.endpoint,
  });
  const over = new AbortController();
  const began = Date.now();
  try {
    const trouble = fleet.trouble(random, over.signal, BETWEEN_TROUBLES);
    const { status, tasksSucceeded } = await activity.run(machine(activity.arn, home), TASKS);
    over.abort();
    await trouble;
    console.log(`seed ${SEED}: ${TASKS} tasks, ${counts.attempts} attempts, ${(Date.now() - began) / 1000} s, ${JSON.stringify([...fleet.told])}`);
    expect([status, tasksSucceeded]).toEqual(['SUCCEEDED', TASKS]);
    expect(await fleet.stop()).toEqual(Array(3).fill({ code: 0, signal: null }));
    expect([...counts.successes.values()]).toEqual(Array(TASKS).fill(1));
    expect(readdirSync(join(home, 'done'))).toHaveLength(TASKS);
    expect(processesWhere((_, environment) => environment().includes(`\0CHAOS=${home}\0`))).toEqual([]);
  } finally {
    over.abort();
    await fleet.destroy();
    activity.close();
    await link.close();
    await s3.close();
    await emulator.stop();
    disk.close();
  }
}, 180_000);
