import { spawnSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Role } from 'aws-cdk-lib/aws-iam';
import { stepArguments } from './step-arguments';
import { DynamoDBDataNode, EmrActivity, EmrActivityProps, EmrCluster, EmrStep, Pipeline } from '../../src';
import { pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const SHARE = { readThroughputPercent: 0.25, writeThroughputPercent: 1 };
const cluster = (scope: Pipeline, coreInstanceCount?: number) => new EmrCluster(scope, 'Cluster', { coreInstanceCount });
const items = (scope: Pipeline, id: string) => new DynamoDBDataNode(scope, id, { tableName: `${id}-#{@scheduledStartTime}`, ...id === 'Far' ? { region: 'eu-west-1' } : SHARE });
const work = (scope: Pipeline, props: Partial<EmrActivityProps> = {}) => new EmrActivity(scope, 'Work', {
  runsOn: props.runsOn ?? cluster(scope, 2), steps: [EmrStep.command(['true'])], resizeClusterBeforeRunning: true, ...props,
});
const reading = (props: Partial<EmrActivityProps> = {}) => {
  const scope = pipeline();
  return work(scope, { input: [items(scope, 'Near'), items(scope, 'Far')], output: [items(scope, 'Out')], ...props });
};

/** How many core nodes are asked for, of 2; each table has so much capacity. */
async function asked(activity: EmrActivity, capacity: number): Promise<string | undefined> {
  const [step] = await stepArguments(activity);
  const dir = mkdtempSync(join(tmpdir(), 'resize-'));
  writeFileSync(join(dir, 'flow.json'), '{\n  "jobFlowId": "j-1",\n  "x": 1\n}');
  writeFileSync(join(dir, 'asked'), '');
  writeFileSync(join(dir, 'aws'), `#!/bin/bash
case "$2" in
  describe-table) echo "$4 $6 $8" >> '${dir}/tables'; echo ${capacity} ;;
  list-instance-groups) [ "$6" = j-1 ] && printf 'ig-1\\t2\\n' ;;
  modify-instance-groups) echo "$8" > '${dir}/asked' ;;
esac
`);
  chmodSync(join(dir, 'aws'), 0o755);
  const { status } = spawnSync(step[0], step.slice(1), { env: { PATH: `${dir}:${process.env.PATH}`, JOB_FLOW: join(dir, 'flow.json') } });
  const [tables, result] = ['tables', 'asked'].map((name) => readFileSync(join(dir, name), 'utf8'));
  rmSync(dir, { recursive: true });
  expect(status).toBe(0);
  expect(tables.split('\n').slice(0, 2)).toEqual([
    'us-east-1 Near-2026-12-01T00:00:00Z Table.ProvisionedThroughput.ReadCapacityUnits',
    'eu-west-1 Far-2026-12-01T00:00:00Z Table.ProvisionedThroughput.ReadCapacityUnits',
  ]);
  return /InstanceCount=(\d+)/.exec(result)?.[1];
}

/** Near takes a quarter, Far half and Out all of the capacity. */
test.each([[0, undefined], [1000, undefined], [2000, '4'], [20000, '35']])('has a core node for each 1,000 units taken of %d a table', async (capacity, nodes) => {
  expect(await asked(reading(), capacity)).toBe(nodes);
});

test('has no more than it may', async () => {
  expect(await asked(reading({ resizeClusterMaxInstances: 5 }), 20000)).toBe('5');
});

test('may change clusters of its pipeline', () => {
  const { resourceRole } = (reading()._props as EmrActivityProps).runsOn as EmrCluster;
  expect(granted(resourceRole as Role)).toContain('elasticmapreduce:ModifyInstanceGroups arn:aws:elasticmapreduce:us-east-1:111111111111:cluster/* if');
});

test.each<[string, Partial<EmrActivityProps>, string]>([
  ['no limit', { resizeClusterMaxInstances: 0 }, 'resizeClusterMaxInstances: is a whole number, 1 or more; got: 0'],
  ['a limit of nothing', { resizeClusterMaxInstances: 3, resizeClusterBeforeRunning: false }, 'resizeClusterMaxInstances: goes with resizeClusterBeforeRunning; got: 3; give that too, or leave it out'],
  ['no tables', { input: [], output: [] }, 'resizeClusterBeforeRunning: looks at tables in DynamoDB; got: true, and no DynamoDBDataNode; leave it out'],
])('refuses %s', (_, props, message) => {
  expect(() => reading(props)).toThrow(new Error(`Stack/P/Work: ${message}`));
});

test('refuses a cluster without core nodes', () => {
  const scope = pipeline();
  expect(() => work(scope, { runsOn: cluster(scope), input: [items(scope, 'Near')] }))
    .toThrow('Stack/P/Work: resizeClusterBeforeRunning: adds core nodes to an instance group; got: Stack/P/Cluster without such; give it coreInstanceCount');
});
