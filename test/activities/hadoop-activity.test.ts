import { Role } from 'aws-cdk-lib/aws-iam';
import { stepArguments } from './step-arguments';
import { EmrCluster, HadoopActivity, HadoopActivityProps, Pipeline } from '../../src';
import { EmrWork } from '../../src/compiler/work';
import { folder, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

function hadoop(scope: Pipeline, props: Partial<HadoopActivityProps> = {}): HadoopActivity {
  const runsOn = 'runsOn' in props ? props.runsOn! : new EmrCluster(scope, 'Cluster');
  return new HadoopActivity(scope, 'Count', { jarUri: 's3://code/count.jar', ...props, runsOn });
}

test('runs the jar with its arguments, in its queue', async () => {
  const activity = hadoop(pipeline(), { mainClass: 'Count', argument: ['-v', '#{@scheduledStartTime}'], hadoopQueue: 'high' });
  const [{ jar, mainClass }] = (activity._work() as EmrWork).steps;
  expect([jar, mainClass]).toEqual([expect.objectContaining({ text: 's3://code/count.jar' }), 'Count']);
  const [[option, queue, first, time]] = await stepArguments(activity);
  expect([option, queue, first]).toEqual(['-D', 'mapreduce.job.queuename=high', '-v']);
  expect(time).toMatch(/^2026-12-01T00:00:00/);
});

test('has its scripts around the job', async () => {
  const script = { scriptUri: 's3://code/a.sh', scriptArgument: ['test', 'argument'] };
  const activity = hadoop(pipeline(), { jarUri: '/usr/lib/hadoop-mapreduce/hadoop-streaming.jar', preActivityTaskConfig: script, postActivityTaskConfig: script });
  expect((await stepArguments(activity)).map((args) => args.slice(3))).toEqual([['s3://code/a.sh', 'test', 'argument'], [], ['s3://code/a.sh', 'test', 'argument']]);
});

test('lets the cluster read the jar and the input, and write the output', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  hadoop(scope, { runsOn: cluster, input: [folder(scope, 'Raw')], output: [folder(scope, 'Out')] });
  expect(granted(cluster.resourceRole as Role).filter((line) => /^s3:(Get|Put)Object .*(code|data)\//.test(line))).toEqual([
    's3:GetObject arn:aws:s3:::code/count.jar', 's3:GetObject arn:aws:s3:::data/Out/*', 's3:GetObject arn:aws:s3:::data/Raw/*', 's3:PutObject arn:aws:s3:::data/Out/*',
  ]);
});

test.each<[string, Partial<HadoopActivityProps>, string]>([
  ['without a cluster', { runsOn: undefined }, 'runsOn: steps need a cluster to run on; got: nothing; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
  ['of no jar', { jarUri: '' }, 'jarUri: is an S3 URI, or a path on the cluster; got: ""; give "s3://<bucket>/<key>"'],
  ['of a jar elsewhere', { jarUri: 'https://example.com/a.jar' },
    'jarUri: is an S3 URI, or a path on the cluster; got: "https://example.com/a.jar"; give "s3://<bucket>/<key>"'],
])('an activity %s is refused', (_, props, message) => {
  expect(() => hadoop(pipeline(), props)).toThrow(new Error(`Stack/P/Count: ${message}`));
});
