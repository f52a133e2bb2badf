import { Size, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { KeyPair, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { EmrActivity, EmrCluster, EmrClusterProps, EmrStep, HadoopSchedulerType, Pipeline } from '../../src';
import { pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { allStates, runMachine } from '../compiler/machines';

const LOGS = 'arn:aws:s3:::logs/p';

describe('a cluster', () => {
  const launch = (props: EmrClusterProps) => new EmrCluster(pipeline(), 'Cluster', props)._launch;
  const instances = (props: EmrClusterProps) => launch(props).request.Instances as { [field: string]: Array<{ [field: string]: unknown }> };
  const groups = (props: EmrClusterProps) => instances(props).InstanceGroups
    .map(({ InstanceRole, InstanceType, InstanceCount }) => `${InstanceCount} ${InstanceRole} ${InstanceType}`);

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
    expect(launch({}).request).toEqual({
      ReleaseLabel: 'emr-7.14.0',
      Applications: [{ Name: 'Hive' }, { Name: 'Pig' }],
      LogUri: 's3://logs/p/Cluster/',
      VisibleToAllUsers: true,
      Instances: {
        InstanceGroups: [{ InstanceRole: 'MASTER', InstanceType: 'm5.xlarge', InstanceCount: 1 }],
        KeepJobFlowAliveWhenNoSteps: true,
        TerminationProtected: false,
      },
    });
    expect(launch({}).initTimeout.toMinutes()).toBe(60);
  });

  test('runs in a subnet, with a key, and logs elsewhere', () => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster', {
      subnet: Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1'), keyPair: KeyPair.fromKeyPairName(scope, 'Key', 'ops'), emrLogUri: 's3://emr-logs/p',
    });
    expect(cluster._launch.request).toMatchObject({ Instances: { Ec2SubnetId: 'subnet-1', Ec2KeyName: 'ops' }, LogUri: 's3://emr-logs/p/' });
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

  test('is made of Spot Instances at a price, or at what they cost on demand', () => {
    const [master, core] = instances({ masterInstanceBidPrice: 'OnDemandPrice', coreInstanceCount: 1, coreInstanceBidPrice: '0.35' }).InstanceGroups;
    expect([master, core]).toEqual([
      { InstanceRole: 'MASTER', InstanceType: 'm5.xlarge', InstanceCount: 1, Market: 'SPOT' },
      { InstanceRole: 'CORE', InstanceType: 'm5.xlarge', InstanceCount: 1, Market: 'SPOT', BidPrice: '0.35' },
    ]);
  });

  test('is made of fleets, of volumes, from an image, with settings and scripts that its nodes may read', () => {
    const scope = pipeline();
    const { MASTER } = EmrCreateCluster.InstanceRoleType;
    const { INSTANCE_FLEET_UNITS } = EmrCreateCluster.ComputeLimitsUnitType;
    const cluster = new EmrCluster(scope, 'Cluster', {
      instanceFleets: [{ instanceFleetType: MASTER, targetSpotCapacity: 1, instanceTypeConfigs: [{ instanceType: 'm5.xlarge' }, { instanceType: 'm6g.xlarge' }] }],
      managedScalingPolicy: { computeLimits: { unitType: INSTANCE_FLEET_UNITS, minimumCapacityUnits: 1, maximumCapacityUnits: 9 } },
      ebsRootVolumeSize: Size.gibibytes(20),
      customAmiId: 'ami-1',
      securityConfiguration: 'encrypted',
      bootstrapActions: [{ name: 'tools', scriptBootstrapAction: { path: 's3://scripts/tools.sh', args: ['--quiet'] } }],
      configuration: [{ classification: 'yarn-site', properties: { 'yarn.nodemanager.vmem-check-enabled': 'false' } }],
      hadoopSchedulerType: HadoopSchedulerType.PARALLEL_FAIR_SCHEDULING,
      availabilityZone: 'us-east-1b',
      overrides: { OSReleaseLabel: '2023.6', Instances: { UnhealthyNodeReplacement: true } },
    });
    expect(cluster._launch.request).toMatchObject({
      Instances: {
        InstanceFleets: [{ InstanceFleetType: 'MASTER', TargetSpotCapacity: 1, InstanceTypeConfigs: [{ InstanceType: 'm5.xlarge' }, { InstanceType: 'm6g.xlarge' }] }],
        Placement: { AvailabilityZone: 'us-east-1b' },
        UnhealthyNodeReplacement: true,
        KeepJobFlowAliveWhenNoSteps: true,
      },
      ManagedScalingPolicy: { ComputeLimits: { UnitType: 'InstanceFleetUnits', MinimumCapacityUnits: 1, MaximumCapacityUnits: 9 } },
      EbsRootVolumeSize: 20,
      CustomAmiId: 'ami-1',
      SecurityConfiguration: 'encrypted',
      BootstrapActions: [{ Name: 'tools', ScriptBootstrapAction: { Path: 's3://scripts/tools.sh', Args: ['--quiet'] } }],
      Configurations: [{
        Classification: 'yarn-site',
        Properties: {
          'yarn.nodemanager.vmem-check-enabled': 'false',
          'yarn.resourcemanager.scheduler.class': 'org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.FairScheduler',
        },
      }],
      OSReleaseLabel: '2023.6',
    });
    shell(scope, 'A');
    expect(granted(cluster.resourceRole as Role)).toContain('s3:GetObject arn:aws:s3:::scripts/tools.sh');
    Template.fromStack(Stack.of(scope)).resourcePropertiesCountIs('AWS::IAM::Role', Match.objectLike({ RoleName: 'none' }), 0);
  });

  test('has groups with settings and volumes of their own', () => {
    const volumeSpecification = { volumeSize: Size.gibibytes(64), volumeType: EmrCreateCluster.EbsBlockDeviceVolumeType.GP3 };
    const volumes = { ebsBlockDeviceConfigs: [{ volumesPerInstance: 2, volumeSpecification }] };
    const settings = [{ classification: 'mapred-site', properties: { 'mapreduce.map.memory.mb': '2048' } }];
    const [, core] = instances({ coreInstanceCount: 1, coreEbsConfiguration: volumes, coreGroupConfiguration: settings }).InstanceGroups;
    expect(core).toMatchObject({
      Configurations: [{ Classification: 'mapred-site', Properties: { 'mapreduce.map.memory.mb': '2048' } }],
      EbsConfiguration: { EbsBlockDeviceConfigs: [{ VolumesPerInstance: 2, VolumeSpecification: { SizeInGB: 64, VolumeType: 'gp3' } }] },
    });
  });

  test('runs in security groups that Amazon EMR may use, and change where it manages them', () => {
    const scope = pipeline();
    const group = (id: string) => SecurityGroup.fromSecurityGroupId(scope, id, id);
    const cluster = new EmrCluster(scope, 'Cluster', {
      emrManagedMasterSecurityGroup: group('sg-1'), emrManagedSlaveSecurityGroup: group('sg-2'), additionalMasterSecurityGroups: [group('sg-3')],
    });
    shell(scope, 'A');
    const arn = (id: string) => `arn:aws:ec2:us-east-1:111111111111:security-group/${id}`;
    const lines = granted(cluster._launch.serviceRole as Role);
    for (const id of ['sg-1', 'sg-2', 'sg-3']) expect(lines).toContain(`ec2:RunInstances ${arn(id)}`);
    expect(lines.filter((line) => line.startsWith('ec2:AuthorizeSecurityGroupIngress'))).toEqual(['sg-1', 'sg-2'].map((id) => `ec2:AuthorizeSecurityGroupIngress ${arn(id)}`));
  });

  const using = (props: EmrClusterProps) => {
    const scope = pipeline({ parameters: { myType: 'm5.xlarge' } });
    const cluster = new EmrCluster(scope, 'Cluster', props);
    new EmrActivity(scope, 'Transform', { runsOn: cluster, steps: [EmrStep.command(['true'])] });
    return scope;
  };
  const request = (scope: Pipeline) => allStates(runMachine(scope)).filter(([, { Resource }]) => String(Resource).endsWith('createCluster.sync'))
    .map(([, { Arguments }]) => Arguments as { [field: string]: unknown })[0];

  test('carries the tags of its pipeline', () => {
    const scope = using({});
    Tags.of(scope).add('team', 'logs');
    const template = JSON.stringify(Template.fromStack(Stack.of(scope)).toJSON());
    expect(template.replaceAll('\\', '').includes('{"Key":"team","Value":"logs"},{"Key":"datapipeline:pipeline","Value":"p"},{"Key":"datapipeline:run"')).toBe(true);
    expect(request(scope).Tags).toEqual([
      { Key: 'team', Value: 'logs' },
      { Key: 'datapipeline:pipeline', Value: 'p' },
      { Key: 'datapipeline:run', Value: '{% $run %}' },
      { Key: 'datapipeline:object', Value: 'Cluster' },
      { Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' },
    ]);
  });

  test('takes expressions in its texts', () => {
    const { Configurations, Instances } = request(using({
      configuration: [{ classification: 'spark-env', properties: { DAY: '#{format(@scheduledStartTime, "YYYY-MM-dd")}' } }], masterInstanceType: '#{myType}',
    })) as { Configurations: Array<{ Properties: { DAY: string } }>; Instances: { InstanceGroups: Array<{ InstanceType: string }> } };
    expect(Configurations[0].Properties.DAY).toMatch(/^\{% .*scheduledStartTime.* %\}$/);
    expect(Instances.InstanceGroups[0].InstanceType).toContain('$lookup($parameters, "myType")');
  });

  test('asks for no Spot Instances at last', () => {
    const { Instances } = request(using({ masterInstanceBidPrice: '0.35', useOnDemandOnLastAttempt: true, maximumRetries: 1 }));
    expect(Instances).toMatch(/^\{% \$l_Cluster <= 1 \? \{"InstanceGroups": \[.*"Market": "SPOT".*\} : \{(?!.*SPOT).*\} %\}$/);
  });
});
