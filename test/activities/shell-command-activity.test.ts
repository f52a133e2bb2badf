import { folder, hosts, pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const DATA = 'arn:aws:s3:::data';

/** Of the hosts' permissions, those on data and code. */
const of = (lines: string[]) => lines.filter((line) => line.includes(`${DATA}/`) || line.includes('arn:aws:s3:::code'));

test('hosts may read what is staged for the command, and write what is staged from it', () => {
  const scope = pipeline();
  shell(scope, 'A', { stage: true, input: [folder(scope, 'Raw')], output: [folder(scope, 'Out')] });
  expect(of(granted(hosts(scope).role))).toEqual([
    `s3:AbortMultipartUpload ${DATA}/Out/*`, `s3:GetObject ${DATA}/Raw/*`, `s3:PutObject ${DATA}/Out/*`,
  ]);
});

test('hosts may read the script and write the copies, and nothing that is not staged', () => {
  const scope = pipeline();
  shell(scope, 'A', { command: undefined, scriptUri: 's3://code/run.sh', stdout: 's3://data/log-#{@scheduledStartTime}', stderr: '/tmp/err', input: [folder(scope, 'Raw')] });
  expect(of(granted(hosts(scope).role))).toEqual([
    's3:AbortMultipartUpload arn:aws:s3:::data/log-*', 's3:GetObject arn:aws:s3:::code/run.sh', 's3:ListBucket arn:aws:s3:::code if', 's3:PutObject arn:aws:s3:::data/log-*',
  ]);
});
