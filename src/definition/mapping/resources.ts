import { call, Code, list, literal, objectOf, Props, textOf } from '../code';
import { RESOURCE } from './common';
import { successorOf } from './instance-types';
import { changed, kept, propOf, Rule, Rules, TypeRules, Whole, without } from './rule';
import { choice, double, each, existing, existingList, flag, gone, integer, known, knownList, period, ref, refs, role, secret, text, uri, uriCode } from './rules';
import type { Use } from './use';

const KEY_PAIR = existing('keyPair', 'KeyPair.fromKeyPairName');
const SUBNET = existing('subnet', 'Subnet.fromSubnetId');
const groups = (prop: string) => existingList(prop, 'SecurityGroup.fromSecurityGroupId');
const group = (prop: string) => existing(prop, 'SecurityGroup.fromSecurityGroupId');

const instanceType = (prop: string, emr: boolean): Rule => (use) => {
  const outcome = known(prop)(use);
  const type = textOf(outcome?.props?.[0]?.[1])?.trim() ?? '';
  const successor = successorOf(type, emr);
  if (successor === type) return outcome;
  use.warn(`${type} cannot be had any more: it is ${successor} now`);
  return changed(`${prop} ${successor}`, `Instances of type ${type} cannot be had any more.`, [[prop, literal(successor)]], `${prop} was ${type}.`);
};

const ONE_INSTANCE = gone('Deprecated in AWS Data Pipeline, where an Ec2Resource is one instance.', 'Several Ec2Resources, each the host of some of the activities.');
const OWN_REGION = (service: string) => gone(`Step Functions calls ${service} in its own Region only.`, 'A stack with a pipeline in that Region.');

/** Task Runner needs systemd: images of another decade have none, and these have gone. */
const image: Rule = (use) => {
  const outcome = known('imageId')(use);
  const id = textOf(outcome?.props?.[0]?.[1]) ?? '';
  if (!/^ami-[0-9a-f]{8}$/.test(id)) return outcome;
  use.warn(`${id} is an image of before 2018, which has gone or has no systemd: the newest Amazon Linux 2023 is in its place`);
  return changed('the newest image of Amazon Linux 2023', `${id} is an image of before 2018: it has gone, or has no systemd.`, [], `imageId was ${id}: what scripts installed by yum may have other names now.`);
};

/** What a group of instances lacks is left out with it. */
function instance(props: Props, whole: Whole): Props {
  const subnet = propOf(props, 'subnet');
  if (!subnet && propOf(props, 'associatePublicIpAddress')) whole.warn('associatePublicIpAddress', 'is left out: it goes with subnetId, and in the default VPC instances have an address');
  const drops = [
    ...subnet ? ['availabilityZone'] : ['associatePublicIpAddress'],
    ...subnet ?? propOf(props, 'securityGroups') ? ['securityGroupNames'] : [],
    ...propOf(props, 'spotBidPrice') ? [] : ['useOnDemandOnLastAttempt'],
  ];
  if (drops.includes('securityGroupNames') && propOf(props, 'securityGroupNames')) whole.warn('securityGroups', 'are left out: names are of the default VPC; give securityGroupIds');
  return without(props, ...drops);
}

const CORE = ['coreInstanceType', 'coreInstanceBidPrice', 'coreEbsConfiguration', 'coreGroupConfiguration'];
const TASK = CORE.map((name) => name.replace('core', 'task'));

/** The service took one core node where none were counted. */
function cluster(props: Props, whole: Whole): Props {
  const count = (name: string) => Number(textOf(propOf(props, name)) ?? 0);
  const core = count('coreInstanceCount') || count('taskInstanceCount') > 0;
  const drops = [...core ? [] : CORE, ...count('taskInstanceCount') ? [] : TASK, ...propOf(props, 'subnet') ? ['availabilityZone'] : []];
  for (const name of drops) if (propOf(props, name)) whole.warn(name, 'is left out: there are no such instances');
  const added: Props = core && !count('coreInstanceCount') ? [['coreInstanceCount', literal(1)]] : [];
  const spot = ['master', 'core', 'task'].some((each_) => propOf(props, `${each_}InstanceBidPrice`));
  return [...without(props, ...drops, ...added.length ? ['coreInstanceCount'] : [], ...spot ? [] : ['useOnDemandOnLastAttempt']), ...added];
}

const RELEASE: Rule = (use) => {
  const outcome = known('releaseLabel')(use);
  const label = textOf(outcome?.props?.[0]?.[1]) ?? '';
  const [, major] = /^emr-(\d+)\./.exec(label) ?? [];
  if (major === undefined || Number(major) >= 5) return outcome;
  use.warn(`${label} cannot be launched any more: the newest release is in its place`);
  return changed('the newest release', `${label} cannot be launched any more.`, [], `releaseLabel was ${label}: look at what the applications have changed since.`);
};
const AMI_VERSION: Rule = (use) => {
  const version = use.knownText();
  use.warn(`Amazon EMR launches no cluster of AMI version ${version ?? ''} any more: the newest release is in its place`);
  return { fate: 'not possible', why: 'Amazon EMR launches no cluster of an AMI version (2.x and 3.x) any more.', instead: '`releaseLabel`, or `customAmiId`.', note: `amiVersion was ${version ?? 'given'}.` };
};

const NAMES: Readonly<Record<string, string>> = { hadoop: 'Hadoop', hive: 'Hive', pig: 'Pig', spark: 'Spark', hbase: 'HBase', presto: 'Presto', tez: 'Tez', hue: 'Hue', zeppelin: 'Zeppelin', sqoop: 'Sqoop', oozie: 'Oozie', mahout: 'Mahout', ganglia: 'Ganglia' };
const application = (use: Use, written: string): Code | undefined => {
  const code = use.known(written);
  const name = textOf(code) ?? '';
  return Object.hasOwn(NAMES, name.toLowerCase()) ? literal(NAMES[name.toLowerCase()]) : code;
};

/** `s3://scripts/tools.sh,argument,argument`. */
function bootstrapAction(use: Use, written: string, index: number): Code | undefined {
  const [path, ...args] = written.split(',');
  const code = uriCode(use, path.trim());
  const codes = args.map((argument) => use.runtime(argument.trim()));
  if (!code || codes.includes(undefined)) return undefined;
  const script: Props = [['path', code], ...args.length ? [['args', list(codes as Code[])] as const] : []];
  return objectOf([['name', literal(`bootstrap-${index + 1}`)], ['scriptBootstrapAction', objectOf(script)]]);
}

function groupFields(name: string): Rules {
  return {
    [`${name}EbsConfiguration`]: ref(`${name}EbsConfiguration`, 'EBS configuration'),
    [`${name}GroupConfiguration`]: refs(`${name}GroupConfiguration`, 'configuration'),
    [`${name}InstanceBidPrice`]: known(`${name}InstanceBidPrice`),
    [`${name}InstanceType`]: instanceType(`${name}InstanceType`, true),
    ...name === 'master' ? {} : { [`${name}InstanceCount`]: integer(`${name}InstanceCount`) },
  };
}

/** The properties are one object. */
const property: Rule = (use) => {
  const ids = use.refs('property');
  const pairs = ids?.map((id) => use.around.propsOf(id) ?? []).map((props) => [textOf(propOf(props, 'key')) ?? '', propOf(props, 'value') ?? literal('')] as const);
  return pairs && kept('properties', objectOf(pairs));
};

const volumeType: Rule = (use) => {
  const type = use.knownText()?.toLowerCase();
  const members: Readonly<Record<string, string>> = { gp2: 'GP2', gp3: 'GP3', io1: 'IO1', standard: 'STANDARD' };
  if (type === undefined) return undefined;
  return Object.hasOwn(members, type)
    ? kept('volumeType', { kind: 'member', of: 'EmrCreateCluster.EbsBlockDeviceVolumeType', name: members[type] })
    : use.error(`is one of ${Object.keys(members).join(', ')}; got: "${type}"`);
};
const volumeSize: Rule = (use) => {
  const size = use.knownText();
  if (size === undefined) return undefined;
  return /^[1-9]\d{0,5}$/.test(size) ? kept('volumeSize', call('Size.gibibytes', literal(Number(size)))) : use.error(`is a number of GiB; got: "${size}"`);
};

export const RESOURCES: Readonly<Record<string, TypeRules>> = {
  Ec2Resource: {
    kind: 'resource',
    construct: 'Ec2Resource',
    finish: instance,
    fields: {
      ...RESOURCE,
      associatePublicIpAddress: flag('associatePublicIpAddress'),
      availabilityZone: known('availabilityZone'),
      imageId: image,
      instanceCount: ONE_INSTANCE,
      instanceType: instanceType('instanceType', false),
      keyPair: KEY_PAIR,
      minInstanceCount: ONE_INSTANCE,
      pipelineLogUri: (use) => changed('pipelineLogUri of the Pipeline', `All logs of a pipeline are in one place; ${use.object.id} has no other.`),
      region: OWN_REGION('Amazon EC2 and AWS Systems Manager'),
      reportProgressTimeout: period('reportProgressTimeout'),
      resourceRole: role('resourceRole'),
      role: role('role', 'the roles of the state machines'),
      runAsUser: known('runAsUser'),
      securityGroupIds: groups('securityGroups'),
      securityGroups: knownList('securityGroupNames'),
      spotBidPrice: known('spotBidPrice'),
      subnetId: SUBNET,
      useOnDemandOnLastAttempt: flag('useOnDemandOnLastAttempt'),
    },
  },
  EmrCluster: {
    kind: 'resource',
    construct: 'EmrCluster',
    finish: cluster,
    fields: {
      ...RESOURCE,
      ...groupFields('master'),
      ...groupFields('core'),
      ...groupFields('task'),
      additionalMasterSecurityGroupIds: groups('additionalMasterSecurityGroups'),
      additionalSlaveSecurityGroupIds: groups('additionalSlaveSecurityGroups'),
      amiVersion: AMI_VERSION,
      applications: each('applications', application),
      availabilityZone: known('availabilityZone'),
      bootstrapAction: each('bootstrapActions', bootstrapAction),
      configuration: refs('configuration', 'configuration'),
      EbsBlockDeviceConfig: ref('ebsBlockDeviceConfigs', 'EBS device'),
      emrManagedMasterSecurityGroupId: group('emrManagedMasterSecurityGroup'),
      emrManagedSlaveSecurityGroupId: group('emrManagedSlaveSecurityGroup'),
      enableDebugging: gone('The debugging tool of Amazon EMR that it switches on is gone.', "The cluster's logs (`emrLogUri`) and the persistent application interfaces of Amazon EMR."),
      hadoopSchedulerType: choice('hadoopSchedulerType', 'HadoopSchedulerType', ['PARALLEL_FAIR_SCHEDULING', 'PARALLEL_CAPACITY_SCHEDULING', 'DEFAULT_SCHEDULER']),
      keyPair: KEY_PAIR,
      pipelineLogUri: uri('emrLogUri'),
      region: OWN_REGION('Amazon EMR'),
      releaseLabel: RELEASE,
      reportProgressTimeout: gone('No worker reports progress: the run itself asks the service.', '`attemptTimeout`.'),
      resourceRole: role('resourceRole'),
      role: role('role'),
      serviceAccessSecurityGroupId: group('serviceAccessSecurityGroup'),
      subnetId: SUBNET,
      supportedProducts: gone('Third-party software that Amazon EMR installed (MapR) is not offered any more.', '`applications` and `bootstrapActions`.'),
      useOnDemandOnLastAttempt: flag('useOnDemandOnLastAttempt'),
      VolumeSpecification: ref('volumeSpecification', 'volume'),
    },
  },
  HttpProxy: {
    kind: 'proxy',
    construct: 'HttpProxy',
    required: ['hostname', 'port'],
    fields: {
      '*password': secret('password'),
      'hostname': text('hostname'),
      'port': integer('port'),
      's3NoProxy': flag('s3NoProxy'),
      'username': text('username'),
      'windowsDomain': text('windowsDomain'),
      'windowsWorkgroup': gone('It is of NTLM, which Node.js and SSM Agent do not speak.', 'A proxy that takes basic authentication: `username`, and `windowsDomain`.'),
    },
  },
  EmrConfiguration: {
    kind: 'configuration',
    required: ['classification'],
    value: objectOf,
    fields: { classification: known('classification'), configuration: refs('configurations', 'configuration'), property },
  },
  Property: { kind: 'property', required: ['key', 'value'], value: objectOf, fields: { key: known('key'), value: text('value') } },
  EbsConfiguration: {
    kind: 'EBS configuration',
    value: objectOf,
    fields: { ebsBlockDeviceConfig: refs('ebsBlockDeviceConfigs', 'EBS device'), ebsOptimized: flag('ebsOptimized') },
  },
  EbsBlockDeviceConfig: {
    kind: 'EBS device',
    required: ['volumeSpecification'],
    value: objectOf,
    fields: { volumeSpecification: ref('volumeSpecification', 'volume'), volumesPerInstance: integer('volumesPerInstance') },
  },
  VolumeSpecification: {
    kind: 'volume',
    required: ['sizeInGB', 'volumeType'],
    value: objectOf,
    fields: { iops: double('iops'), sizeInGB: volumeSize, volumeType },
  },
  ShellScriptConfig: {
    kind: 'script',
    required: ['scriptUri'],
    value: objectOf,
    fields: { scriptArgument: (use) => kept('scriptArgument', list(use.texts().flatMap((value) => use.runtime(value) ?? []))), scriptUri: uri('scriptUri') },
  },
};
