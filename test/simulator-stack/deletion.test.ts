/** What is left of a pipeline when its stack has been deleted, whatever it was doing. */
import { DeletableStack } from './deletable-stack';
import { FIRST_TICK, LogEtl, synthesized } from './log-etl';
import { HOUR, MINUTE } from './models';
import { TwoSchedules, TwoSchedulesStack } from './two-schedules';
import { assemblyOf } from '../cli/assemblies';

let assembly: ReturnType<typeof synthesized>;
const twoSchedules = assemblyOf(TwoSchedulesStack);

beforeAll(() => {
  assembly = synthesized();
});

afterAll(() => [assembly, twoSchedules].forEach(({ remove }) => remove()));

/** Deletes the stack at each state that an execution of the machine enters in turn, until there are no more. */
async function atEachState<T extends DeletableStack>(
  load: () => Promise<T>, stateMachine: string, check: (stack: T, state: string) => Promise<void> | void,
): Promise<string[]> {
  const states: string[] = [];
  for (;;) {
    const deleted = await load();
    const reached = deleted.at(stateMachine, states.length, () => void deleted.delete());
    await deleted.clock.run(deleted.begin());
    await deleted.clock.run(deleted.stack.settled());
    if (reached.state === undefined) return states;
    states.push(reached.state);
    await check(deleted, reached.state);
  }
}

const logEtl = () => LogEtl.load(assembly.folder);

test('at each state of a run: nothing is left, and the run is CANCELED or has ended', async () => {
  const states = await atEachState(logEtl, 'RunStateMachine', async (etl, state) => {
    expect({ state, answers: etl.answers }).toMatchObject({ state, answers: [{ Status: 'SUCCESS', left: [] }] });
    expect([state, (await etl.items()).run]).toEqual([state, ['Run: outcome', 'Run: finished', 'Run: clean up'].includes(state) ? 'FINISHED' : expect.stringMatching(/^(CANCELED|FINISHED)$/)]);
    expect([state, etl.leftovers]).toEqual([state, []]);
  });
  expect(states).toEqual(expect.arrayContaining(['Run: begin', 'Extract', 'Transform: acquire', 'Transform', 'Cluster: release', 'Load', 'Run: report', 'Run: finished']));
}, 120_000);

test('at each state of the Starter: no run begins, or it is stopped', async () => {
  const states = await atEachState(logEtl, 'StarterStateMachine', async (etl, state) => {
    expect({ state, answers: etl.answers }).toMatchObject({ state, answers: [{ Status: 'SUCCESS', left: [] }] });
    expect(etl.stack.executions('RunStateMachine').filter(({ status }) => status !== 'ABORTED')).toEqual([]);
  });
  expect(states.length).toBeGreaterThan(3);
}, 60_000);

test.each<[string, string, string[]]>([
  ['that waits for another', 'ScheduledailyRunStateMachine', ['Extract: await', 'Report', 'Run: finished']],
  ['that is waited for', 'PRunStateMachine', ['Extract: acquire', 'Extract', 'Extract: tell others', 'Run: finished']],
  ['that begins a wait', 'ScheduledailyStarterStateMachine', ['Start runs']],
])('of two schedules, at each state of one %s', async (_, stateMachine, some) => {
  const states = await atEachState(() => TwoSchedules.load(twoSchedules.folder), stateMachine, ({ answers, leftovers, working }, state) => {
    expect({ state, answers, leftovers, working }).toMatchObject({ state, answers: [{ Status: 'SUCCESS' }, { Status: 'SUCCESS', left: [] }], leftovers: [], working: [] });
  });
  expect(states).toEqual(expect.arrayContaining(some));
}, 120_000);

test('with two runs at work', async () => {
  const etl = await LogEtl.load(assembly.folder, { step: () => ({ duration: 90 * MINUTE }) });
  await etl.clock.run(etl.stack.deliverTicks(FIRST_TICK, new Date(FIRST_TICK.getTime() + HOUR + 1)));
  await etl.pass(10 * MINUTE);
  expect(etl.living).toHaveLength(2);
  expect(await etl.clock.run(etl.delete())).toMatchObject({ Status: 'SUCCESS', left: [] });
  expect(etl.stack.executions('RunStateMachine').map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED']);
});

test('while nothing is at work takes no time', async () => {
  const etl = await LogEtl.load(assembly.folder);
  await etl.runFirstHour();
  await etl.pass(HOUR);
  const before = etl.clock.now();
  expect(await etl.clock.run(etl.delete())).toMatchObject({ Status: 'SUCCESS', left: [] });
  expect(etl.clock.now()).toBe(before);
});

test('a tick that is still on its way afterwards starts nothing', async () => {
  const etl = await LogEtl.load(assembly.folder);
  await etl.clock.run(etl.delete());
  await etl.clock.run(etl.firstTick());
  expect(etl.stack.executions('RunStateMachine')).toEqual([]);
});

test('waits for the end of clusters, which takes the roles of the stack', async () => {
  const etl = await LogEtl.load(assembly.folder, { launch: () => ({ shutdown: 20 * MINUTE }) });
  await etl.clock.run(etl.firstTick());
  await etl.pass(10 * MINUTE);
  const before = etl.clock.now();
  expect(await etl.clock.run(etl.delete())).toMatchObject({ Status: 'SUCCESS', left: [] });
  expect(etl.clock.now() - before).toBeGreaterThanOrEqual(20 * MINUTE);
});

test('gives up in time, and says what is still there', async () => {
  const etl = await LogEtl.load(assembly.folder, { launch: () => ({ shutdown: 3 * HOUR }) });
  await etl.clock.run(etl.firstTick());
  await etl.pass(10 * MINUTE);
  const before = etl.clock.now();
  expect(await etl.clock.run(etl.delete())).toMatchObject({
    Status: 'FAILED',
    Reason: 'After 50 minutes there are still clusters of log-etl: log-etl/2026-12-01T00-00-00Z/Cluster/1. End them, and delete the stack again.',
  });
  expect(etl.clock.now() - before).toBeLessThan(HOUR);
});

test('a run at work keeps the definition that it began with, when an update comes', async () => {
  const etl = await LogEtl.load(assembly.folder);
  await etl.clock.run(etl.firstTick());
  await etl.pass(6 * MINUTE);
  etl.stack.stepFunctions.createStateMachine({
    name: etl.run.stateMachine.name, definition: { QueryLanguage: 'JSONata', StartAt: 'New', States: { New: { Type: 'Fail', Error: 'New' } } },
  });
  await etl.clock.run(etl.stack.settled());
  expect(etl.run.status).toBe('SUCCEEDED');
  const [next] = await etl.clock.run(etl.stack.deliverTicks(new Date(FIRST_TICK.getTime() + HOUR), new Date(FIRST_TICK.getTime() + HOUR + 1)));
  await etl.clock.run(etl.stack.settled());
  expect([next.status, etl.stack.executions('RunStateMachine')[1].outcome?.error]).toEqual(['SUCCEEDED', 'New']);
});
