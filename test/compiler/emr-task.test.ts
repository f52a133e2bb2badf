/** Task Runner's work on a cluster: a step on the primary node. */
import { ClusterRun } from './cluster-run';
import { CopyActivity, DataFormat, EmrCluster, S3DataNode, ShellCommandActivity } from '../../src';
import { RUN_SCRIPT } from '../../src/activities/cluster-work';

const HOST = 's3://cdk-hnb659fds-assets-111111111111-us-east-1';

test('an attempt is a step that runs Task Runner with that attempt\'s task; its exit code settles it', async () => {
  const given: string[][] = [];
  const run = new ClusterRun({
    more: (scope, cluster, first) => {
      new ShellCommandActivity(scope, 'B', { runsOn: cluster, command: 'do #{@id}', scriptArgument: ["it's", 'ü $(id)'], dependsOn: [first], maximumRetries: 1 });
    },
    runner: async ({ Args = [] }, { stepName }) => {
      if (!stepName.startsWith('B')) return;
      given.push([...Args]);
      if (given.length === 1) throw new Error('exit code 1');
    },
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED', attempts: 2 } });
  const [first, second] = given.map((args) => JSON.parse(decodeURIComponent(args.at(-1)!)) as object);
  expect(first).toMatchObject({
    task: { version: 1, kind: 'shell', object: 'B', run: 'run', attempt: 1, command: 'do B', scriptArguments: ["it's", 'ü $(id)'], logUri: 's3://logs/p/B/run/1/' },
  });
  expect(second).toMatchObject({ task: { attempt: 2, logUri: 's3://logs/p/B/run/2/' } });
  expect(given[0].slice(0, -1)).toEqual([
    'bash', '-c', RUN_SCRIPT, expect.stringMatching(`^${HOST}/[0-9a-f]{64}\\.sh$`), expect.stringMatching(`^${HOST}/[0-9a-f]{64}\\.js$`),
    expect.stringMatching(/^[0-9a-f]{64}$/), 'us-east-1',
  ]);
  expect(run.clusters).toEqual([expect.stringMatching(/Cluster\/1 TERMINATED$/)]);
});

test('a copy is made there, too', async () => {
  const given: string[][] = [];
  const run = new ClusterRun({
    more: (scope, cluster, first) => {
      const [input, output] = ['In', 'Out'].map((id) => new S3DataNode(scope, id, { filePath: `s3://data/${id}.csv`, dataFormat: DataFormat.csv() }));
      new CopyActivity(scope, 'B', { runsOn: cluster, input, output, dependsOn: [first] });
    },
    runner: async ({ Args = [] }, { stepName }) => void (stepName.startsWith('B') && given.push([...Args])),
  });
  expect(await run.objects()).toMatchObject({ B: { status: 'FINISHED', attempts: 1 } });
  const [{ task }] = given.map((args) => JSON.parse(decodeURIComponent(args.at(-1)!)) as { task: object });
  expect(task).toMatchObject({ kind: 'copy', object: 'B', attempt: 1, input: { uri: 's3://data/In.csv' }, output: { uri: 's3://data/Out.csv' } });
});

test('however many activities are on a cluster, the run itself makes the steps of those', async () => {
  const names: string[] = [];
  const run = new ClusterRun({
    cluster: {},
    more: (scope, cluster: EmrCluster) => {
      for (let index = 0; index < 41; index += 1) cluster._serve();
      new ShellCommandActivity(scope, 'B', { runsOn: cluster, command: 'do' });
    },
    runner: async (_, { stepName }) => void names.push(stepName),
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED', attempts: 1 } });
  expect(names.sort()).toEqual(['A (attempt 1)', 'B (attempt 1)']);
});
