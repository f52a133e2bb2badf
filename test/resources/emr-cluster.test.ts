import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { KeyPair, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EmrCluster, EmrClusterProps } from '../../src';
import { pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const LOGS = 'arn:aws:s3:::logs/p';

describe('a cluster', () => {
  const launch = (props: EmrClusterProps) => new EmrCluster(pipeline(), 'Cluster', props)._launch;
  const groups = (props: EmrClusterProps) => launch(props).groups.map(({ role, type, count }) => `${count} ${role} ${type}`);

  test.each<[string, EmrClusterProps, string[]]>([
    ['is one node, where nothing else is said', {}, ['1 MASTER m5.xlarge']],
    ['has core nodes of the primary node\'s type', { masterInstanceType: 'm6g.xlarge', coreInstanceCount: 2 }, ['1 MASTER m6g.xlarge', '2 CORE m6g.xlarge']],
    ['has task nodes of the core nodes\' type', { coreInstanceType: 'r5.xlarge', coreInstanceCount: 1, taskInstanceCount: 3 },
      ['1 MASTER m5.xlarge', '1 CORE r5.xlarge', '3 TASK r5.xlarge']],
    ['has types of its own', { coreInstanceCount: 1, taskInstanceType: 'c5.xlarge', taskInstanceCount: 1 }, ['1 MASTER m5.xlarge', '1 CORE m5.xlarge', '1 TASK c5.xlarge']],
  ])('%s', (_, props, expected) => {
    expect(groups(props)).toEqual(expected);
  });

  test('installs Hive and Pig, as Data Pipeline did, and starts within an hour', () => {
    expect(launch({})).toMatchObject({ releaseLabel: 'emr-7.14.0', applications: ['Hive', 'Pig'], logUri: 's3://logs/p/Cluster/' });
    expect(launch({}).initTimeout.toMinutes()).toBe(60);
  });

  test('runs in a subnet, with a key, and logs elsewhere', () => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster', {
      subnet: Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1'), keyPair: KeyPair.fromKeyPairName(scope, 'Key', 'ops'), emrLogUri: 's3://emr-logs/p',
    });
    expect(cluster._launch).toMatchObject({ subnetId: 'subnet-1', keyName: 'ops', logUri: 's3://emr-logs/p/' });
    shell(scope, 'A');
    expect(granted(cluster.resourceRole as Role)).toEqual(['s3:AbortMultipartUpload arn:aws:s3:::emr-logs/p/*', 's3:PutObject arn:aws:s3:::emr-logs/p/*']);
    const subnets = granted(cluster._launch.serviceRole as Role).filter((line) => line.startsWith('ec2:RunInstances') && line.includes('subnet/'));
    expect(subnets).toEqual(['ec2:RunInstances arn:aws:ec2:us-east-1:111111111111:subnet/subnet-1']);
  });

  test('lets EMR pass nothing but the role of its instances to EC2', () => {
    const scope = pipeline();
    shell(scope, 'A');
    const cluster = new EmrCluster(scope, 'Cluster');
    expect(granted(cluster._launch.serviceRole as Role).filter((line) => line.startsWith('iam'))).toEqual(['iam:PassRole PClusterInstanceRole.Arn if']);
  });

  test('keeps the roles that are given, and makes a profile for the instances\'', () => {
    const scope = pipeline();
    const [role, resourceRole] = ['Service', 'Instances'].map((id) => new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    const cluster = new EmrCluster(scope, 'Cluster', { role, resourceRole });
    shell(scope, 'A');
    expect([cluster._launch.serviceRole, cluster.resourceRole]).toEqual([role, resourceRole]);
    expect(granted(resourceRole)).toEqual([`s3:AbortMultipartUpload ${LOGS}/Cluster/*`, `s3:PutObject ${LOGS}/Cluster/*`]);
    Template.fromStack(Stack.of(scope)).hasResourceProperties('AWS::IAM::InstanceProfile', { Roles: [{ Ref: Match.stringLikeRegexp('^PInstances') }] });
  });
});
