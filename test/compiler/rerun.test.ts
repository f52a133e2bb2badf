import { pipeline, shell } from './fixture';
import { Starting, StartingOptions } from './starting';
import { Json, TaskFailure } from '../../simulator/task';
import { FailureAndRerunMode, Schedule } from '../../src';

const RUN = '2026-12-01T12-00-00Z';
const INTERVAL = { scheduledStartTime: '2026-12-01T12:00:00Z', scheduledEndTime: '2026-12-01T12:00:00Z' };

interface Ended extends StartingOptions {
  readonly status?: string;
  readonly parameters?: object;
  readonly item?: { readonly [name: string]: Json };
}

/** A before B before C, and D: the run of noon, as the table knows it. */
async function ended(statuses: Record<string, string>, { status = 'FAILED', parameters = {}, item = {}, ...options }: Ended = {}) {
  const scope = pipeline({ schedule: Schedule.onDemand(), parameters: { day: 'monday' }, failureAndRerunMode: FailureAndRerunMode.CASCADE });
  const a = shell(scope, 'A');
  const b = shell(scope, 'B', { dependsOn: [a] });
  shell(scope, 'C', { dependsOn: [b] });
  shell(scope, 'D');
  const it = new Starting(scope, Schedule.onDemand(), { maxActiveInstances: 1, ...options });
  await it.put(RUN, 'run', { status: { S: status }, ...times(), parameters: { S: JSON.stringify(parameters) }, ...item });
  for (const [id, S] of Object.entries(statuses)) await it.put(RUN, `object#${id}`, { status: { S } });
  return it;
}

const times = () => Object.fromEntries(Object.entries(INTERVAL).map(([name, S]) => [name, { S }]));

const kept = async (it: Starting, run: string) => {
  const { settledWith } = await it.item(run, 'run') as unknown as { settledWith: { M: Record<string, { S: string }> } };
  return Object.fromEntries(Object.entries(settledWith.M).map(([id, { S }]) => [id, S]));
};

const BROKEN = { A: 'FINISHED', B: 'FAILED', C: 'CASCADE_FAILED', D: 'TIMEDOUT' };

test('a rerun repeats what has not finished, with the parameters of the run, and waits for nobody', async () => {
  const it = await ended(BROKEN, { parameters: { day: 'tuesday' } });
  await it.pass(1);
  await it.start({});
  expect((await it.start({ rerun: { run: RUN } })).output).toEqual({ run: `${RUN}.r1`, started: [`${RUN}.r1`], waits: false });
  expect(it.started[`${RUN}.r1`]).toEqual({ ...INTERVAL, parameters: { day: 'tuesday' } });
  expect(await kept(it, `${RUN}.r1`)).toEqual({ A: 'FINISHED' });
  await it.settle();
  expect(it.mostAtWork).toBe(2);
});

test.each<[string, object, object]>([
  ['named: it alone', { objects: ['D'] }, { A: 'FINISHED', B: 'FAILED', C: 'CASCADE_FAILED' }],
  ['named, which cascaded: with what failed by it', { objects: ['B'] }, { A: 'FINISHED', D: 'TIMEDOUT' }],
  ['named that has finished: it alone', { objects: ['A'] }, { B: 'FAILED', C: 'CASCADE_FAILED', D: 'TIMEDOUT' }],
  ['named, with its consumers', { objects: ['A'], withConsumers: true }, { D: 'TIMEDOUT' }],
  ['that runs on a resource', { objects: ['Hosts'] }, {}],
])('what is %s', async (_, asked, rest) => {
  const it = await ended(BROKEN);
  await it.start({ rerun: { run: RUN, ...asked } });
  expect(await kept(it, `${RUN}.r1`)).toEqual(rest);
});

test('a rerun of a rerun goes by the last status of each object, whichever of the two is named', async () => {
  const it = await ended(BROKEN, { item: { reruns: { N: '1' } } });
  await it.put(`${RUN}.r1`, 'run', { status: { S: 'CANCELED' }, settledWith: { M: { A: { S: 'FINISHED' }, C: { S: 'CANCELED' }, D: { S: 'CANCELED' } } } });
  await it.put(`${RUN}.r1`, 'object#B', { status: { S: 'FINISHED' } });
  await it.put(`${RUN}.r1`, 'object#D', { status: { S: 'FINISHED' } });
  expect((await it.start({ rerun: { run: `${RUN}.r1` } })).output).toMatchObject({ run: `${RUN}.r2` });
  expect(await kept(it, `${RUN}.r2`)).toEqual({ A: 'FINISHED', B: 'FINISHED', D: 'FINISHED' });
  expect(await it.item(RUN, 'run')).toMatchObject({ reruns: { N: '2' } });
});

describe('a run that has ended without settling', () => {
  /** As one that nobody has heard of since it began. */
  async function unsettled(end: (it: Starting) => void, options: Ended = {}): Promise<Starting> {
    const it = await ended({ A: 'FINISHED' }, { seconds: (run) => run === RUN ? 3600 : 60, ...options });
    await it.start({});
    expect(it.names).toEqual([RUN]);
    await it.put(RUN, 'run', { status: { S: 'RUNNING' }, ...times(), parameters: { S: '{}' }, settledWith: { M: { D: { S: 'FINISHED' } } } });
    end(it);
    return it;
  }

  /** To the question whether it has ended. */
  const answering = (error: string): Ended => ({
    around: async (state, call) => {
      if (state === 'Has run ended?') throw new TaskFailure(error, 'no answer');
      return call();
    },
  });

  test.each<[string, Ended]>([
    ['was stopped', {}],
    ['Step Functions has forgotten', answering('Sfn.ExecutionDoesNotExistException')],
  ])('and %s is repeated at once, and settled', async (_, options) => {
    const it = await unsettled((each) => each.stop(RUN), options);
    expect((await it.start({ rerun: { run: RUN } })).output).toMatchObject({ run: `${RUN}.r1`, started: [`${RUN}.r1`] });
    expect(await kept(it, `${RUN}.r1`)).toEqual({ A: 'FINISHED', D: 'FINISHED' });
    expect(it.reaped).toEqual([{ run: RUN, status: 'ABORTED' }]);
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual([RUN, `${RUN}.r1`]);
  });

  test('as it settled, repeats nothing that has finished', async () => {
    const it: Starting = await unsettled(() => undefined, {
      around: async (state, call) => {
        if (state === 'Has run ended?') {
          for (const id of ['B', 'C']) await it.put(RUN, `object#${id}`, { status: { S: 'FINISHED' } });
          it.stop(RUN);
        }
        return call();
      },
    });
    expect((await it.start({ rerun: { run: RUN } })).output).toMatchObject({ started: [], reason: `all objects of ${RUN} have finished; name those to repeat` });
  });

  test('has its open objects CANCELED, for what is named and for marks', async () => {
    const it = await unsettled((each) => each.stop(RUN));
    await it.start({ markFinished: { run: RUN, objects: ['B'] } });
    expect(await it.item(RUN, 'object#B')).toMatchObject({ status: { S: 'FINISHED' }, reason: { S: 'marked by datapipeline mark-finished; it was CANCELED' } });
    await it.start({ rerun: { run: RUN, objects: ['A'] } });
    expect(await kept(it, `${RUN}.r1`)).toEqual({ B: 'FINISHED', C: 'CANCELED', D: 'FINISHED' });
  });

  test.each<[string, Ended]>([
    ['is at work', {}], ['cannot be asked for', answering('Sfn.SdkClientException')],
  ])('is refused a rerun while it %s', async (_, options) => {
    const it = await unsettled(() => undefined, options);
    await it.write({ memory: { S: '' } });
    expect((await it.start({ rerun: { run: RUN } })).output)
      .toEqual({ started: [], waits: false, reason: `${RUN} has not ended; cancel it, or ask again in a few minutes` });
    expect(it.reaped).toEqual([]);
  });
});

describe('a rerun is refused', () => {
  test('while the run or a rerun of it is at work', async () => {
    const it = await ended(BROKEN);
    await it.start({ rerun: { run: RUN } });
    expect((await it.start({ rerun: { run: RUN } })).output).toEqual({ started: [], waits: false, reason: `${RUN}.r1 is at work; cancel it, or wait for its end` });
    expect(it.names).toEqual([`${RUN}.r1`]);
  });

  test.each<[string, Record<string, string>, Ended, string]>([
    ['of which all has finished', { A: 'FINISHED', B: 'FINISHED', C: 'FINISHED', D: 'FINISHED' }, { status: 'FINISHED' }, `all objects of ${RUN} have finished; name those to repeat`],
  ])('of a run %s', async (_, statuses, options, reason) => {
    const it = await ended(statuses, options);
    expect((await it.start({ rerun: { run: RUN } })).output).toEqual({ started: [], waits: false, reason });
  });

  test.each<[string, Json, string]>([
    ['of a run that the table does not know', { rerun: { run: '2026-11-01T00-00-00Z' } }, 'The Run table knows no run 2026-11-01T00-00-00Z: it has not begun, or too long ago'],
    ['of a run that began long ago', { rerun: { run: '2026-01-01T00-00-00Z' } }, '2026-01-01T00-00-00Z began at 2026-01-01T00:00:00Z: what became of its objects is forgotten'],
    ['of objects that are not there', { rerun: { run: RUN, objects: ['B', 'X', 'Y'] } }, `Objects that ${RUN} does not have: X, Y; there are: A, Hosts, B, C, D`],
    ['of no objects', { rerun: { run: RUN, objects: [] } }, 'input: rerun: objects: is []; it must be ids of objects, one at least'],
    ['with consumers of nothing', { rerun: { run: RUN, withConsumers: true } }, 'input: rerun: objects: is missing; it must be given beside withConsumers'],
    ['of no run', { rerun: {} }, 'input: rerun: run: is missing'],
    ['of something else', { rerun: 1 }, 'input: rerun: is 1; it must be an object'],
    ['of a run that is no text', { rerun: { run: [RUN] } }, 'input: rerun: run: is ["2026-12-01T12-00-00Z"]; it must be'],
  ])('%s', async (_, input, message) => {
    const it = await ended(BROKEN);
    const long = { S: '2026-01-01T00:00:00Z' };
    await it.put('2026-01-01T00-00-00Z', 'run', { status: { S: 'FAILED' }, scheduledStartTime: long, scheduledEndTime: long, startTime: long });
    const { status, error, cause } = await it.start(input as { [name: string]: Json });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'DataPipeline.InvalidInput' });
    expect(cause).toContain(message);
    expect(it.names).toEqual([]);
  });
});

describe('the same rerun asked again by a Starter that', () => {
  test('has not heard that it was remembered starts none more', async () => {
    let calls = 0;
    const it = await ended(BROKEN, {
      around: async (state, call) => {
        const answer = await call();
        if (state === 'Remember with run' && (calls += 1) === 1) throw new TaskFailure('Service.Unavailable', 'try again');
        return answer;
      },
    });
    expect((await it.start({ rerun: { run: RUN } })).output).toMatchObject({ run: `${RUN}.r1` });
    expect(it.names).toEqual([`${RUN}.r1`]);
    expect(await it.item(RUN, 'run')).toMatchObject({ reruns: { N: '1' } });
  });

  test('died before it started is started by the next', async () => {
    const it: Starting = await ended(BROKEN, {
      around: async (state, call) => {
        const answer = await call();
        if (state === 'Remember with run') await it.clock.sleep(1e9);
        return answer;
      },
    });
    void it.begin({ rerun: { run: RUN } });
    await it.pass(60);
    expect(it.names).toEqual([]);
    await it.start({ dispatch: true });
    expect(it.names).toEqual([`${RUN}.r1`]);
  });
});

describe('marking', () => {
  test('what has not finished lets a rerun pass over it; the table says so', async () => {
    const it = await ended(BROKEN);
    expect((await it.start({ markFinished: { run: RUN, objects: ['B', 'D'] } })).output).toEqual({ run: RUN, started: [], waits: false });
    expect(await it.item(RUN, 'object#B')).toMatchObject({ status: { S: 'FINISHED' }, reason: { S: 'marked by datapipeline mark-finished; it was FAILED' } });
    await it.start({ rerun: { run: RUN } });
    expect(await kept(it, `${RUN}.r1`)).toEqual({ A: 'FINISHED', B: 'FINISHED', D: 'FINISHED' });
  });

  test.each<[string, object, string]>([
    ['has finished', { objects: ['A', 'B'] }, `Only what has ended without finishing can be marked; of ${RUN}, A is FINISHED`],
    ['is not there', { objects: ['X'] }, `Objects that ${RUN} does not have: X; there are: A, B, C, D`],
    ['is not named', {}, 'input: markFinished: objects: is missing'],
  ])('what %s is refused', async (_, asked, message) => {
    const it = await ended(BROKEN);
    const { error, cause } = await it.start({ markFinished: { run: RUN, ...asked } });
    expect(error).toBe('DataPipeline.InvalidInput');
    expect(cause).toContain(message);
  });

  test('while a rerun is at work is refused', async () => {
    const it = await ended(BROKEN);
    await it.start({ rerun: { run: RUN } });
    expect((await it.start({ markFinished: { run: RUN, objects: ['B'] } })).output).toMatchObject({ reason: `${RUN}.r1 is at work; cancel it, or wait for its end` });
  });
});
