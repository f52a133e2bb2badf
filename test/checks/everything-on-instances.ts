import { Duration, Stack } from 'aws-cdk-lib';
import { KeyPair, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  ActionOnResourceFailure, ActionOnTaskFailure, CopyActivity, DataFormat, Ec2Resource, EmrCluster, HttpProxy, Pipeline, S3DataNode, Schedule,
  ShellCommandActivity, ShellCommandPrecondition, Terminate,
} from '../../src';

/** Instances: one as it is by default, whose activities follow each other, and one with all that it can have, which two share. */
export class EverythingOnInstancesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', { encryptionKey: new Key(this, 'BucketKey') });
    const schedule = Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T00:00:00Z') });
    const pipeline = new Pipeline(this, 'Pipeline', { schedule, logBucket: bucket });
    const files = (name: string, path: string) => new S3DataNode(pipeline, name, { bucket, directoryPath: path, dataFormat: DataFormat.csv() });
    const raw = files('Raw', 'raw/#{format(@scheduledStartTime, "YYYY")}/');
    const sums = files('Sums', 'sums/');

    const host = new Ec2Resource(pipeline, 'Host');
    const sum = new ShellCommandActivity(pipeline, 'Sum', { runsOn: host, stage: true, input: [raw], output: [sums], scriptUri: 's3://scripts/sum.sh' });
    new CopyActivity(pipeline, 'Copy', { runsOn: host, input: sums, output: files('Copied', 'copied/'), dependsOn: [sum] });

    const shared = new Ec2Resource(pipeline, 'Shared', {
      instanceType: 't4g.small',
      imageId: 'ami-0123456789abcdef0',
      subnet: Subnet.fromSubnetId(this, 'Subnet', 'subnet-0123456789abcdef0'),
      associatePublicIpAddress: true,
      securityGroups: [SecurityGroup.fromSecurityGroupId(this, 'Group', 'sg-0123456789abcdef0')],
      keyPair: KeyPair.fromKeyPairName(this, 'KeyPair', 'operators'),
      spotBidPrice: '0.035',
      useOnDemandOnLastAttempt: true,
      runAsUser: 'ec2-user',
      reportProgressTimeout: Duration.minutes(2),
      httpProxy: new HttpProxy(pipeline, 'Proxy', { hostname: 'proxy.corp', port: 3128, s3NoProxy: true, password: new Secret(this, 'ProxyPassword') }),
      terminateAfter: Duration.hours(5),
      actionOnTaskFailure: ActionOnTaskFailure.TERMINATE,
      actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL,
      lateAfterTimeout: Duration.hours(4),
      onLateAction: [new Terminate()],
    });
    const role = new Role(this, 'Launches', { assumedBy: new AccountRootPrincipal() });
    const launched = new Ec2Resource(pipeline, 'Launched', { role });
    new ShellCommandActivity(pipeline, 'OnLaunched', { runsOn: launched, command: 'date' });
    for (const side of ['Left', 'Right']) new ShellCommandActivity(pipeline, side, { runsOn: shared, command: 'date', stdout: 's3://outputs/date' });

    const command = 'test "$1" = Monday';
    const scriptArgument = ['#{format(@scheduledStartTime, "EEEE")}'];
    const checks = [
      new ShellCommandPrecondition(pipeline, 'AskInstance', { runsOn: new Ec2Resource(pipeline, 'Asked'), command, scriptArgument, stdout: 's3://outputs/day' }),
      new ShellCommandPrecondition(pipeline, 'AskCluster', {
        runsOn: new EmrCluster(pipeline, 'AskedToo'), command, scriptArgument, preconditionTimeout: Duration.hours(3),
      }),
    ];
    new ShellCommandActivity(pipeline, 'Asking', { runsOn: host, command: 'date', preconditions: checks, dependsOn: [sum] });
  }
}
