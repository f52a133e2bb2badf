/**
 * Three lines of defence against what costs money after a run of the hourly log ETL: its own release, the reaper, and what a resource is
 * launched with. Each is tested with the other two taken out of what was synthesized, at a stop at every state and at a normal end.
 */
import { LogEtl, synthesized } from './log-etl';
import { HOUR, MINUTE } from './models';
import { isObject, JsonObject } from '../../simulator/json';
import { Template } from '../../simulator/stack/template';
import { Json } from '../../simulator/task';

type Alteration = (name: string, state: JsonObject) => JsonObject;

/** A state that only goes on. */
const skipped = ({ Assign, Output, Next }: JsonObject): JsonObject => ({ Type: 'Pass', ...Assign ? { Assign } : {}, ...Output ? { Output } : {}, Next });

const withoutRelease: Alteration = (name, state) => /: (release|unguard|cancel)$/.test(name) ? skipped(state) : state;
const withoutCleanUp: Alteration = (name, state) => name === 'Run: clean up' ? skipped(state) : state;
/** No auto-termination, and no guard. */
const withoutOwnEnd: Alteration = (name, state) => {
  if (/: guard$/.test(name)) return skipped(state);
  const { AutoTerminationPolicy, ...others } = isObject(state.Arguments ?? null) ? state.Arguments as JsonObject : {};
  return AutoTerminationPolicy === undefined ? state : { ...state, Arguments: others };
};

function altered(definition: Json, alterations: readonly Alteration[], seen: Set<string>): Json {
  const scope = definition as JsonObject & { States: Record<string, JsonObject> };
  const states = Object.entries(scope.States).map(([name, state]) => {
    const { Branches } = state;
    const nested = Branches ? { ...state, Branches: (Branches as Json[]).map((branch) => altered(branch, alterations, seen)) } : state;
    const result = alterations.reduce((each, alteration) => alteration(name, each), nested);
    if (result !== nested) seen.add(name);
    return [name, result];
  });
  return { ...scope, States: Object.fromEntries(states) };
}

const withoutRule = (template: Template): void => {
  const rules = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Events::Rule');
  for (const [id] of rules) delete (template.Resources as Record<string, unknown>)[id];
};

interface Line {
  readonly without: readonly Alteration[];
  readonly events: boolean;
  /** How long after the run's end nothing is left. */
  readonly within: number;
}

const LINES = {
  release: { without: [withoutCleanUp, withoutOwnEnd], events: false, within: 15 * MINUTE },
  reaper: { without: [withoutRelease, withoutOwnEnd], events: true, within: 15 * MINUTE },
  // The guard at terminateAfter, or auto-termination after an hour and the delay between two attempts.
  ownEnd: { without: [withoutRelease, withoutCleanUp], events: false, within: 2 * HOUR + 15 * MINUTE },
} satisfies Record<string, Line>;

let whole: ReturnType<typeof synthesized>;
let unheard: ReturnType<typeof synthesized>;

beforeAll(() => {
  whole = synthesized();
  unheard = synthesized(withoutRule);
});

afterAll(() => [whole, unheard].forEach(({ remove }) => remove()));

type Behaviour = NonNullable<Parameters<typeof LogEtl.load>[1]>;

async function loaded({ without, events }: Line, behaviour: Behaviour = {}): Promise<LogEtl> {
  const seen = new Set<string>();
  const etl = await LogEtl.load((events ? whole : unheard).folder, {
    ...behaviour,
    altered: (_, definition) => altered(definition, without, seen),
  });
  expect([...seen]).toEqual(expect.arrayContaining([expect.stringMatching(/: /)]));
  return etl;
}

/** What is left of the run when the time of the line has passed. */
async function left(etl: LogEtl, { within }: Line): Promise<string[]> {
  await etl.clock.run(etl.run.result);
  await etl.pass(within);
  return etl.leftovers;
}

/** Stops a run at each state that it enters in turn, or at some of them by their number; what was left, by state. */
async function stops(line: Line, { from = 0, to = Infinity } = {}, behaviour?: Behaviour): Promise<Record<string, string[]>> {
  const results: Record<string, string[]> = {};
  for (let index = from; index < to; index += 1) {
    const etl = await loaded(line, behaviour);
    const reached = etl.at('RunStateMachine', index, (run) => run.stop('Stopped', 'by the test'));
    await etl.clock.run(etl.firstTick());
    const found = await left(etl, line);
    if (reached.state === undefined) return results;
    results[`${index} ${reached.state}`] = found;
  }
  return results;
}

/** The numbers of the states around a launch. */
const LAUNCH = { from: 6, to: 12 };

const nothingFrom = (results: Record<string, string[]>): string[] => Object.entries(results).flatMap(([state, found]) => found.map((each) => `${state}: ${each}`));

describe('the run itself', () => {
  test.each<[string, Behaviour]>([
    ['ends well', {}],
    ['fails in its transform', { step: () => ({ failure: 'out of memory' }) }],
    ['fails in its load', { statement: () => ({ Status: 'FAILED', Error: 'disk full' }) }],
    ['has its cluster die', { step: (number) => (number === 1 ? { failure: 'node lost' } : {}) }],
  ])('leaves nothing when it %s', async (_, behaviour) => {
    const etl = await loaded(LINES.release, behaviour);
    await etl.clock.run(etl.firstTick());
    expect(await left(etl, LINES.release)).toEqual([]);
    expect(etl.stack.executions('ReaperStateMachine')).toEqual([]);
  });
});

describe('the reaper', () => {
  test('ends what a run leaves that is stopped at any state', async () => {
    const results = await stops(LINES.reaper);
    expect(nothingFrom(results)).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThan(20);
  }, 120_000);

  test('ends what surfaces minutes after the run was stopped', async () => {
    const results = await stops(LINES.reaper, LAUNCH, { launch: (number) => (number === 1 ? { surfacing: 5 * MINUTE } : {}) });
    expect(nothingFrom(results)).toEqual([]);
    expect(Object.keys(results)).toContain('7 Transform: acquire');
  }, 120_000);

  test('ends what a run leaves that ends by itself', async () => {
    const etl = await loaded(LINES.reaper);
    await etl.clock.run(etl.firstTick());
    expect(await left(etl, LINES.reaper)).toEqual([]);
    expect(etl.run.status).toBe('SUCCEEDED');
  });
});

describe('a resource\'s own end', () => {
  // Statements are not launched with an end: the Data API ends them after 24 hours.
  const launched = (found: readonly string[]) => found.filter((each) => !each.endsWith('/Load/1'));

  test('comes after a run that was stopped at any state', async () => {
    const results = await stops(LINES.ownEnd);
    expect(nothingFrom(Object.fromEntries(Object.entries(results).map(([state, found]) => [state, launched(found)])))).toEqual([]);
  }, 120_000);

  test('comes after a run that ended by itself', async () => {
    const etl = await loaded(LINES.ownEnd);
    await etl.clock.run(etl.firstTick());
    expect(launched(await left(etl, LINES.ownEnd))).toEqual([]);
  });
});

test('without any of them, a stop leaves a cluster: the tests can fail', async () => {
  const line: Line = { without: [withoutRelease, withoutCleanUp, withoutOwnEnd], events: false, within: 3 * HOUR };
  const results = await stops(line, LAUNCH);
  expect(nothingFrom(results)).toContain('7 Transform: acquire: log-etl/2026-12-01T00-00-00Z/Cluster/1');
}, 120_000);
