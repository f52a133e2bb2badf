import { Role } from 'aws-cdk-lib/aws-iam';
import { EmrActivity, EmrCluster, EmrStep } from '../../src';
import { EmrWork } from '../../src/compiler/work';
import { folder, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const DATA = 'arn:aws:s3:::data';

describe('an activity on a cluster', () => {
  function steps(...list: EmrStep[]): EmrWork['steps'] {
    const scope = pipeline();
    return (new EmrActivity(scope, 'A', { runsOn: new EmrCluster(scope, 'Cluster'), steps: list })._work() as EmrWork).steps;
  }

  const command = (step: EmrStep) => {
    const [{ jar, args }] = steps(step);
    return [jar, ...args].map(({ text }) => text);
  };

  test('lets the cluster read its input, and commit its output', () => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster');
    new EmrActivity(scope, 'A', { runsOn: cluster, steps: [EmrStep.command(['ls'])], input: [folder(scope, 'Raw')], output: [folder(scope, 'Out')] });
    expect(granted(cluster.resourceRole as Role).filter((line) => line.includes(`${DATA}/`))).toEqual([
      `s3:AbortMultipartUpload ${DATA}/Out/*`, `s3:DeleteObject ${DATA}/Out/*`, `s3:GetObject ${DATA}/Out/*`, `s3:GetObject ${DATA}/Raw/*`, `s3:PutObject ${DATA}/Out/*`,
    ]);
  });

  test('submits to Spark', () => {
    expect(command(EmrStep.sparkSubmit({ entryPoint: 's3://code/a.jar', className: 'Main', conf: { 'spark.x': 'y' }, arguments: ['-v', '1'] }))).toEqual(
      ['command-runner.jar', 'spark-submit', '--deploy-mode', 'cluster', '--class', 'Main', '--conf', 'spark.x=y', 's3://code/a.jar', '-v', '1']);
  });

  test('streams through Hadoop, its options before those of the job', () => {
    const streaming = { mapper: 'awk -f m.awk', input: ['s3://data/a/', 's3://data/b/'], output: 's3://data/out/' };
    expect(command(EmrStep.hadoopStreaming({ ...streaming, reducer: 'uniq -c', files: ['s3://code/m.awk', 's3://code/r.awk#r'], properties: { p: 'v' } }))).toEqual([
      'command-runner.jar', 'hadoop-streaming', '-files', 's3://code/m.awk,s3://code/r.awk#r', '-D', 'p=v',
      '-mapper', 'awk -f m.awk', '-reducer', 'uniq -c', '-input', 's3://data/a/', '-input', 's3://data/b/', '-output', 's3://data/out/',
    ]);
    expect(command(EmrStep.hadoopStreaming(streaming))).toEqual([
      'command-runner.jar', 'hadoop-streaming', '-D', 'mapreduce.job.reduces=0',
      '-mapper', 'awk -f m.awk', '-input', 's3://data/a/', '-input', 's3://data/b/', '-output', 's3://data/out/',
    ]);
  });

  test('names its steps after itself, numbered where there are more than one', () => {
    expect(steps(EmrStep.command(['ls'])).map(({ name }) => name)).toEqual(['A']);
    expect(steps(EmrStep.command(['ls']), EmrStep.jar({ jar: 'a.jar' })).map(({ name }) => name)).toEqual(['A: step 1', 'A: step 2']);
  });
});
