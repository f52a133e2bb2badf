import * as fs from 'fs';
import * as path from 'path';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  EmrActivity, EmrCluster, EmrStep, Pipeline, PipelineProps, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode,
  S3DataNode, S3KeyExistsPrecondition, SnsAlarm,
} from '../src';
import { ACCOUNT, pipeline, REGION, shell } from './compiler/fixture';

interface MachineProperties {
  readonly DefinitionString?: unknown;
  readonly DefinitionS3Location?: unknown;
  readonly DefinitionSubstitutions?: Record<string, unknown>;
}

interface Synthesized {
  readonly run: MachineProperties;
  readonly folder: string;
}

function stack(): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: ACCOUNT, region: REGION } });
}

function synthesize(scope: Pipeline): Synthesized {
  const { directory: folder, stacks } = (scope.node.root as App).synth();
  const resources = Object.entries((stacks[0].template as { Resources: Record<string, { Properties: MachineProperties }> }).Resources);
  return { folder, run: resources.find(([id]) => /RunStateMachine/.test(id))![1].Properties };
}

/** Of those that there are: what the next one waits for. */
type Order = <T>(earlier: readonly T[]) => T[];
const inTurn: Order = (earlier) => earlier.slice(-1);
const sideBySide: Order = () => [];

/** Layers of ten; each of a layer waits for one to three of the layer before. */
function inLayers(): Order {
  let seed = 1;
  const random = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
  return (earlier) => {
    const end = earlier.length - earlier.length % 10;
    const before = earlier.slice(Math.max(0, end - 10), end);
    return before.length ? [...new Set(Array.from({ length: 1 + random(3) }, () => before[random(10)]))] : [];
  };
}

/** So many activities. */
function activities(count: number, order: Order, props: Partial<PipelineProps> = {}, command = 'do', within = stack()): Pipeline {
  const scope = pipeline(props, within);
  const all: ReturnType<typeof shell>[] = [];
  for (let index = 0; index < count; index += 1) all.push(shell(scope, `Step${index}`, { dependsOn: order(all), command: `${command} ${index}` }));
  return scope;
}

test('a small definition stands in the template', () => {
  const { run } = synthesize(activities(3, inTurn));
  expect(run.DefinitionString).toBeDefined();
  expect(run.DefinitionS3Location).toBeUndefined();
  expect(run.DefinitionSubstitutions).toBeUndefined();
});

test('300 activities are one machine, whose definition is a file beside the template', () => {
  const scope = pipeline({}, stack());
  const parameter = new CfnParameter(Stack.of(scope), 'Word', { default: 'w' });
  let last: ReturnType<typeof shell>[] = [];
  for (let index = 0; index < 300; index += 1) last = [shell(scope, `Step${index}`, { dependsOn: last, command: `echo "\${HOME}" ${index} ${parameter.valueAsString}` })];
  const { run, folder } = synthesize(scope);
  expect(run.DefinitionString).toBeUndefined();
  const text = fileOf(run, folder);
  const used = new Set([...text.matchAll(/\$\{(DataPipeline\d+)\}/g)].map(([, key]) => key));
  expect(used).toEqual(new Set(Object.keys(run.DefinitionSubstitutions!)));
  expect(Object.values(run.DefinitionSubstitutions!)).toContainEqual({ Ref: 'Word' });
  const { States } = JSON.parse(text) as { States: Record<string, { Arguments: { command: string } }> };
  expect(Object.keys(States).filter((name) => /^Step\d+$/.test(name))).toHaveLength(300);
  expect(States.Step299.Arguments.command).toContain('${HOME}');
}, 60_000);

interface Asset {
  readonly source: { readonly path: string };
  readonly destinations: Record<string, { readonly objectKey: string }>;
}

/** The definition that stands in a file. */
function fileOf(run: MachineProperties, folder: string): string {
  const { Key } = run.DefinitionS3Location as { Key: string };
  const { files } = JSON.parse(fs.readFileSync(path.join(folder, 'Stack.assets.json'), 'utf8')) as { files: Record<string, Asset> };
  const asset = Object.values(files).find(({ destinations }) => Object.values(destinations)[0].objectKey === Key)!;
  return fs.readFileSync(path.join(folder, asset.source.path), 'utf8');
}

/** As long as Step Functions sees it, of a limit of 1 MB: the longest partition has 10 characters, and most other values are ARNs. */
function megabytes({ run, folder }: Synthesized): number {
  const partition = Object.entries(run.DefinitionSubstitutions!).find(([, value]) => JSON.stringify(value) === '{"Ref":"AWS::Partition"}')![0];
  const text = fileOf(run, folder).replaceAll(`\${${partition}}`, 'x'.repeat(10)).replace(/\$\{DataPipeline\d+\}/g, 'x'.repeat(120));
  return Buffer.byteLength(text) / 1_048_576;
}

test.each([['one after the other', inTurn], ['side by side', sideBySide]])('300 activities %s with an alarm each fit, with room for a tenth more', (_, order) => {
  const scope = stack();
  const alarm = new SnsAlarm({ topic: new Topic(scope, 'Alarms') });
  expect(megabytes(synthesize(activities(300, order, { onFail: [alarm] }, 'do', scope)))).toBeLessThan(0.9);
}, 60_000);

test.each<[string, () => Pipeline, RegExp]>([
  ['a chain that is too long', () => activities(160, inTurn, {}, 'x'.repeat(7000)),
    /Stack\/P\/Run\/Default\/Run\/StateMachine\] bytes of the definition: [\d,]+, [\d,]+ more than the 1,048,576 that one state machine takes; divide it into two pipelines, such as Step0 to Step79 \(80 objects\) and Step80 to Step159 \(80 objects\), of which the second waits for the first to have written its data/],
  ['branches that are too many', () => activities(160, sideBySide, {}, 'x'.repeat(7000)),
    /bytes of the definition: .* such as Step0 to Step79 \(80 objects\) and Step80 to Step159 \(80 objects\)(?!,)/],
  ['a graph of which all but a little hangs together', () => {
    const scope = activities(160, inTurn, {}, 'x'.repeat(7000));
    shell(scope, 'Apart');
    return scope;
  }, /such as Step0 to Step79 \(80 objects\) and Step80 to Apart \(81 objects\), of which the second waits for the first/],
  ['a ladder that is too long', () => ladder(160, 'x'.repeat(7000)),
    /bytes of the definition: .* such as Step0 to Step79 \(80 objects\) and Step80 to Step159 \(80 objects\), of which the second waits for the first/],
  ['retries that are too many', () => activities(80, inTurn, { maximumRetries: 100 }),
    /events that a run may have if all its attempts and checks are made: 2\d,\d{3}, .* more than the 20,000 .*fewer maximumRetries/],
  ['a precondition that is asked too often', () => {
    const scope = activities(1, inTurn);
    shell(scope, 'Late', { preconditions: [new S3KeyExistsPrecondition(scope, 'Key', { s3Key: 's3://data/key', retryDelay: Duration.minutes(1) })] });
    return scope;
  }, /events that a run may have .*: 40,\d{3}, .*a longer retryDelay or a preconditionTimeout to preconditions/],
])('%s is an error at synth that says by how much and where to divide', (_, make, message) => {
  expect(() => synthesize(make())).toThrow(message);
});

/** Two chains, of which each step of the second waits for the step before in the first, too. */
function ladder(count: number, command: string): Pipeline {
  const scope = pipeline({}, stack());
  const all: ReturnType<typeof shell>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dependsOn = [index - 2, ...index % 2 === 0 ? [] : [index - 3]].flatMap((before) => all[before] ?? []);
    all.push(shell(scope, `Step${index}`, { command: `${command} ${index}`, dependsOn }));
  }
  return scope;
}

test('the same precondition is taken with a preconditionTimeout', () => {
  const scope = activities(1, inTurn);
  const key = new S3KeyExistsPrecondition(scope, 'Key', { s3Key: 's3://data/key', retryDelay: Duration.minutes(1), preconditionTimeout: Duration.days(2) });
  shell(scope, 'Late', { preconditions: [key] });
  expect(() => synthesize(scope)).not.toThrow();
});

/** So many activities on clusters that take turns. */
function onClusters(count: number, clusters: number, order: Order): Pipeline {
  const scope = pipeline({}, stack());
  const all = Array.from({ length: clusters }, (_, index) => new EmrCluster(scope, `Cluster${index}`, { terminateAfter: Duration.days(1) }));
  const its: EmrActivity[] = [];
  for (let index = 0; index < count; index += 1) {
    const steps = [EmrStep.sparkSubmit({ entryPoint: `s3://code/job-${index}.py`, arguments: ["#{format(@scheduledStartTime, 'YYYY-MM-dd')}"] })];
    its.push(new EmrActivity(scope, `Step${index}`, { runsOn: all[index % clusters], steps, dependsOn: order(its) }));
  }
  return scope;
}

/** So many loads. */
function loads(count: number, order: Order): Pipeline {
  const scope = pipeline({ attemptTimeout: Duration.hours(2) }, stack());
  const database = new RedshiftDatabase(scope, 'Warehouse', { workgroupName: 'warehouse', databaseName: 'dev' });
  const all: RedshiftCopyActivity[] = [];
  for (let index = 0; index < count; index += 1) {
    const output = new RedshiftDataNode(scope, `Table${index}`, { database, tableName: `table_${index}`, primaryKeys: ['id'] });
    const input = new S3DataNode(scope, `In${index}`, { directoryPath: `s3://data/in-${index}/` });
    const props = { input, output, insertMode: RedshiftInsertMode.OVERWRITE_EXISTING };
    all.push(new RedshiftCopyActivity(scope, `Load${index}`, { ...props, dependsOn: order(all) }));
  }
  return scope;
}

test.each([['one after the other', 1, inTurn], ['side by side', 1, sideBySide], ['one after the other, on three', 3, inTurn]])(
  '300 activities on a cluster, %s, fit with room for a tenth more', (_, clusters, order) => {
    expect(megabytes(synthesize(onClusters(300, clusters, order)))).toBeLessThan(0.9);
  }, 60_000);

test.each([['one after the other', inTurn], ['side by side', sideBySide]])('300 loads %s fit with room for a tenth more', (_, order) => {
  expect(megabytes(synthesize(loads(300, order)))).toBeLessThan(0.9);
}, 60_000);

test.each<[string, () => Pipeline]>([
  ['shell commands', () => activities(300, inLayers())],
  ['activities on a cluster', () => onClusters(300, 1, inLayers())],
  ['loads', () => loads(300, inLayers())],
])('300 %s in layers fit, each after some of the layer before', (_, make) => {
  expect(megabytes(synthesize(make()))).toBeLessThan(1);
}, 60_000);

test.each<[string, (count: number) => Pipeline]>([
  ['activities on a cluster', (count) => onClusters(count, 1, inTurn)],
  ['loads', (count) => loads(count, inTurn)],
])(
  'a few %s are states of the run, and many are handed over to a machine of their own', (_, make) => {
    const machines = (count: number) => {
      const { stacks } = (make(count).node.root as App).synth();
      const resources = Object.values((stacks[0].template as { Resources: Record<string, { Type: string; Properties: object }> }).Resources);
      return resources.filter(({ Type, Properties }) => Type === 'AWS::StepFunctions::StateMachine' && JSON.stringify(Properties).includes('"activities"'));
    };
    expect(machines(40)).toEqual([]);
    expect(machines(41)).toHaveLength(1);
  }, 60_000);
