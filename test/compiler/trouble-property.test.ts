import fc from 'fast-check';
import { resultOf } from './modelled-run';
import { build, PipelineSpec, pipelineSpecs } from './random-pipeline';
import { ReferenceModel } from './reference-model';
import { Around, StubbedRun } from './stubbed-run';
import { VirtualClock } from '../../simulator/clock';
import { seededRandom } from '../../simulator/jsonata';
import { TaskFailure, TaskRequest } from '../../simulator/task';
import { ObjectStatus } from '../../src/contract/run';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 30);
const SEED = Number(process.env.PROOF_SEED ?? 1);

type Trouble = 'throttled' | 'lost' | 'surfaces late' | 'not delivered';

/** How often a state has trouble at most: less often than it tries again. */
const MOST = 2;
const SURFACING = 90_000;
/** Of sums of seconds. */
const ROUNDING = 1e-6;

/** What may go wrong with a call, and change nothing: the refusal of a launch or of a step is an attempt, and so is a check that was made. */
function troubles({ action, arguments: given, stateName }: TaskRequest): Trouble[] {
  switch (action) {
    // The name ends in the number of the launch.
    case 'createCluster': return ['lost', ...(given as { Name: string }).Name.endsWith('/1') ? ['surfaces late' as const, 'surfaces late' as const] : []];
    case 'addStep': return ['lost'];
    // One client token is one instance.
    case 'runInstances': return ['throttled', 'lost', 'surfaces late'];
    // A command that is refused is an attempt, but for the one that tries an instance.
    case 'sendCommand': return stateName.endsWith(': prepare') ? ['throttled', 'lost'] : [];
    case 'invoke': return ['throttled'];
    case 'sendTaskSuccess': return ['throttled', 'lost', 'not delivered'];
    default: return ['throttled', 'lost'];
  }
}

class Troubled {
  readonly seen = new Map<Trouble, number>();
  private readonly byState = new Map<string, number>();

  /** What is waited before calls are made again, in seconds. */
  waited = 0;
  private readonly refusedAt = new Map<string, number>();

  constructor(private readonly random: () => number, private readonly kinds: readonly Trouble[] = ['throttled', 'lost', 'surfaces late', 'not delivered']) {}

  readonly around: Around = async (request, call) => {
    const { stateName, clock } = request;
    this.waited += (clock.now() - (this.refusedAt.get(stateName) ?? clock.now())) / 1000;
    this.refusedAt.delete(stateName);
    switch (this.draw(request)) {
      case undefined: return call();
      case 'throttled':
        this.refusedAt.set(stateName, clock.now());
        throw new TaskFailure('Service.ThrottlingException', 'rate exceeded');
      case 'lost': {
        await call();
        throw new TaskFailure('Service.Unavailable', 'the answer is lost');
      }
      case 'not delivered': return {};
      case 'surfaces late': {
        (request.clock as VirtualClock).sleep(SURFACING).then(call).catch(() => undefined);
        throw new TaskFailure('Service.Unavailable', 'the answer is lost, and takes effect later');
      }
    }
  };

  private draw(request: TaskRequest): Trouble | undefined {
    const { stateName } = request;
    const before = this.byState.get(stateName) ?? 0;
    if (stateName === 'Run: begin' || before >= MOST || this.random() < 0.5) return undefined;
    const possible = troubles(request).filter((kind) => this.kinds.includes(kind));
    if (possible.length === 0) return undefined;
    const trouble = possible[Math.floor(this.random() * possible.length)];
    this.byState.set(stateName, before + 1);
    this.seen.set(trouble, (this.seen.get(trouble) ?? 0) + 1);
    return trouble;
  }
}

/**
 * No deadline that a delay could pass, and launches that do not fail: one that surfaces late has failed. What is shared does not die: who is at
 * work on it then goes by delays.
 */
function patient(spec: PipelineSpec): PipelineSpec {
  const unlimited = <T>(check: T): T => ({ ...check, timeout: undefined });
  return {
    ...spec,
    works: spec.works.map((work) => ({
      ...work, fatal: work.fatal && !work.shares, failingLaunches: [], checks: work.checks.map(unlimited), gate: work.gate && unlimited(work.gate),
    })),
  };
}

function statuses(objects: Readonly<Record<string, { readonly status: ObjectStatus }>>): Record<string, ObjectStatus> {
  return Object.fromEntries(Object.entries(objects).map(([id, { status }]) => [id, status]));
}

test('calls that are throttled or lose their answer, or surface late, and lost wake-ups change no status, and nothing is done twice', async () => {
  const seen: Record<string, number> = {};
  await fc.assert(fc.asyncProperty(pipelineSpecs.map(patient), fc.integer(), async (spec, seed) => {
    const built = build(spec);
    const expected = await new ReferenceModel(spec, built.resources).run();
    const troubled = new Troubled(seededRandom(seed));
    const run = new StubbedRun(spec, built, troubled.around);
    const { objects } = resultOf(await run.run());
    expect(statuses(objects)).toEqual(statuses(expected.objects));
    expect([...new Set(run.alarms)].sort()).toEqual([...expected.alarms].sort());
    expect(run.ec2.instances.filter(({ ended }) => !ended.aborted)).toEqual([]);
    for (const { steps } of run.emr.clusters) expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
    expect(run.overlappingSteps).toEqual([]);
    for (const [trouble, count] of troubled.seen) seen[trouble] = (seen[trouble] ?? 0) + count;
  }), { numRuns: RUNS, seed: SEED });
  process.stdout.write(`${RUNS} runs in trouble: ${JSON.stringify(seen)}, seed ${SEED}\n`);
  expect(Object.keys(seen).sort()).toEqual(['lost', 'not delivered', 'surfaces late', 'throttled']);
}, 3_600_000);

test('what is throttled delays what comes after it by what was waited to ask again, and by no more', async () => {
  let delayed = 0;
  await fc.assert(fc.asyncProperty(pipelineSpecs.map(patient), fc.integer(), async (spec, seed) => {
    const built = build(spec);
    const throttled = new Troubled(seededRandom(seed), ['throttled']);
    const run = new StubbedRun(spec, built, throttled.around);
    await run.run();
    const { starts, seconds } = await new ReferenceModel(spec, built.resources, run.submission).run();
    const [is, planned] = [{ ...run.starts, run: run.seconds }, { ...starts, run: seconds }] as Record<string, number>[];
    expect(Object.keys(is).sort()).toEqual(Object.keys(planned).sort());
    const wrong = Object.keys(is).filter((id) => is[id] < planned[id] || is[id] > planned[id] + throttled.waited + ROUNDING);
    expect(wrong.map((id) => ({ id, is: is[id], planned: planned[id], waited: throttled.waited }))).toEqual([]);
    if (run.seconds > seconds) delayed += 1;
  }), { numRuns: Math.ceil(RUNS / 3), seed: SEED });
  expect(delayed).toBeGreaterThan(0);
}, 3_600_000);
