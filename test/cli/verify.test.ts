import { App, Duration, Stack } from 'aws-cdk-lib';
import { assemblyOf, Synthesized } from './assemblies';
import { Trace, traceText } from '../../cli/scenario';
import { withAssembly } from '../../cli/simulated-pipeline';
import { trace } from '../../cli/traced-run';
import { further, verification, Verification } from '../../cli/verification';
import { verificationText, verify } from '../../cli/verify';
import { LogEtlStack } from '../../examples/hourly-log-etl/log-etl-stack';
import { NightlyOrdersStack } from '../../examples/nightly-orders/nightly-orders-stack';
import { ShopReportsStack } from '../../examples/shop-reports/shop-reports-stack';
import { Template } from '../../simulator/stack/template';
import { Ec2Resource, EmrActivity, EmrCluster, EmrStep, Pipeline, Schedule, ShellCommandActivity } from '../../src';
import { TwoSchedulesStack } from '../simulator-stack/two-schedules';

/** One activity on a cluster. */
class OneCluster extends Stack {
  constructor(app: App, id: string) {
    super(app, id);
    const pipeline = new Pipeline(this, 'P', { schedule: Schedule.onDemand(), pipelineName: 'p', retryDelay: Duration.minutes(1), maximumRetries: 1 });
    const cluster = new EmrCluster(pipeline, 'Cluster', { terminateAfter: Duration.hours(2) });
    new EmrActivity(pipeline, 'Transform', { runsOn: cluster, steps: [EmrStep.command(['true'])] });
  }
}

/** Two activities on an instance. */
class OneInstance extends Stack {
  constructor(app: App, id: string) {
    super(app, id);
    const pipeline = new Pipeline(this, 'P', { schedule: Schedule.onDemand(), pipelineName: 'p', retryDelay: Duration.minutes(1), maximumRetries: 1 });
    const host = new Ec2Resource(pipeline, 'Host', { terminateAfter: Duration.hours(2) });
    const extract = new ShellCommandActivity(pipeline, 'Extract', { runsOn: host, command: 'true' });
    new ShellCommandActivity(pipeline, 'Transform', { runsOn: host, command: 'true', dependsOn: [extract] });
  }
}

let assemblies: Record<'logEtl' | 'nightlyOrders' | 'oneCluster' | 'oneInstance' | 'shopReports' | 'twoSchedules', Synthesized>;

beforeAll(() => {
  assemblies = {
    logEtl: assemblyOf(LogEtlStack),
    nightlyOrders: assemblyOf(NightlyOrdersStack),
    oneCluster: assemblyOf(OneCluster),
    oneInstance: assemblyOf(OneInstance),
    shopReports: assemblyOf(ShopReportsStack),
    twoSchedules: assemblyOf(TwoSchedulesStack),
  };
});

afterAll(() => Object.values(assemblies).forEach(({ remove }) => remove()));

/** In CI's tier all single faults, and all stops after each; else some of them. */
const LIMIT = Number(process.env.VERIFY_TRACES ?? 20);

test.each(['logEtl', 'nightlyOrders', 'oneCluster', 'oneInstance', 'shopReports', 'twoSchedules'] as const)('%s leaves nothing, whatever fails and wherever it is stopped', async name => {
  const { traces, possible, leak } = await verify(assemblies[name].folder, { faults: '1', limit: LIMIT, seed: 1 });
  expect(leak && traceText(leak)).toBeUndefined();
  expect(traces).toBe(Math.min(LIMIT, possible));
  process.stdout.write(`${name}: ${traces} of ${possible} traces\n`);
}, 3_600_000);

/** The verification of a small pipeline with its template changed. */
function mutated(change: (template: Template) => Template, limit = 400, subject: 'oneCluster' | 'twoSchedules' = 'oneCluster'): Promise<Verification> {
  return withAssembly(assemblies[subject].folder, undefined, (assembly, store) => (
    verification({ assembly: assembly.with(change(assembly.template)), store, seed: 1 }, { faults: 1, limit })));
}

const withoutRules = ({ Resources }: Template): Template => ({
  Resources: Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::Events::Rule')),
});

/** Calls that do nothing, under a name that no service has. */
const withoutCalls = (...names: string[]) => (template: Template): Template =>
  names.reduce((changed, name) => JSON.parse(JSON.stringify(changed).replaceAll(`:${name}`, ':nothing:happens')) as Template, template);

test('without the rule that starts the reaper, a stop after the launch leaks: the trace says how', async () => {
  const { leak, traces } = await mutated(withoutRules);
  expect(leak?.scenario.faults).toEqual([]);
  const text = verificationText({ traces, possible: traces, leak }, 1);
  expect(text).toMatch(/^ {2}1\. Run: begin\n/);
  expect(text).toMatch(/while its call is under way in Transform: acquire: the run is stopped/);
  expect(text).toMatch(/left 15 minutes after the end: cluster p\/2026-12-01T00-00-00Z\/Cluster\/1/);
  expect(text).toMatch(/This trace leaks, after \d+ that do not\.$/);
});

test('a run of one schedule is disturbed while that of another waits for it: the trace says which is which', async () => {
  const { leak } = await mutated(withoutCalls('elasticmapreduce:terminateCluster', 'aws-sdk:emr:terminateJobFlows'), 1, 'twoSchedules');
  const text = traceText(leak!);
  expect(text).toMatch(/\d\. daily-2026-12-01T00-00-00Z: Extract: await\n[^]*\d\. 2026-12-01T12-00-00Z: Extract\n[^]*\d\. daily-2026-12-01T00-00-00Z: Report\n/);
  expect(leak?.left.filter((each) => each.startsWith('cluster '))).toEqual(
    ['2026-12-01T00-00-00Z', '2026-12-01T12-00-00Z', 'daily-2026-12-01T00-00-00Z'].map((run) => `cluster p/${run}/Cluster/1`));
});

test('a release that does nothing is made good by the reaper, and a reaper that does nothing is not', async () => {
  expect((await mutated(withoutCalls('elasticmapreduce:terminateCluster'), 1)).leak).toBeUndefined();
  const { leak, traces } = await mutated(withoutCalls('elasticmapreduce:terminateCluster', 'aws-sdk:emr:terminateJobFlows'), 1);
  expect(traces).toBe(1);
  expect(leak?.left).toContain('cluster p/2026-12-01T00-00-00Z/Cluster/1');
});

test('a schedule that nobody deletes is a leak', async () => {
  const { leak } = await mutated(withoutCalls('aws-sdk:scheduler:deleteSchedule'), 1);
  expect(leak?.left).toEqual([expect.stringMatching(/^one-time schedule /)]);
});

test('a trace goes on in every way that comes after what has gone wrong in it', async () => {
  const base = await withAssembly(assemblies.oneCluster.folder, undefined, (assembly, store) => trace({ assembly, store, seed: 1 }, { faults: [] }));
  const launch = base.events.findIndex(({ kind, state }) => kind === 'call' && state === 'Transform: acquire');
  expect(base.events[launch].faults).toEqual(['refused', 'lost', 'down', 'hangs', 'surfaces late']);
  const scenarios = further(base, 1);
  expect(scenarios).toContainEqual({ faults: [], stop: launch });
  expect(scenarios).toContainEqual({ faults: [{ at: launch, kind: 'surfaces late' }] });
  const after: Trace = { ...base, scenario: { faults: [{ at: launch, kind: 'lost' }] } };
  expect(further(after, 1).every(({ faults, stop }) => faults.length === 1 && stop! > launch)).toBe(true);
  expect(further(after, 2).some(({ faults }) => faults.length === 2)).toBe(true);
  expect(further({ ...base, scenario: { faults: [], stop: 3 } }, 2)).toEqual([]);
});

test('what was drawn of more is said', () => {
  expect(verificationText({ traces: 10, possible: 10 }, 7)).toBe('10 traces: 0 leaks');
  expect(verificationText({ traces: 10, possible: 99 }, 7)).toBe('10 traces of 99, drawn by seed 7: 0 leaks');
});
