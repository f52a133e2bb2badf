import { isObject } from '../json';
import { Json } from '../task';
import { Environment } from './template';

/** What a deployed resource is known by. */
export interface PhysicalId {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface Naming {
  /** The property that names the resource, where the template does. */
  readonly property?: string;
  /** The service in its ARN, and what stands before its name there. */
  readonly arn: readonly [service: string, prefix: string];
  /** Global: no Region, no account in the ARN. Regionless: no Region. */
  readonly scope?: 'global' | 'regionless';
  /** What `Ref` gives; the name where absent. */
  readonly ref?: 'arn' | 'url';
  readonly nameAttribute?: string;
}

/** The kinds that state machines speak of. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::StepFunctions::StateMachine': { property: 'StateMachineName', arn: ['states', 'stateMachine:'], ref: 'arn', nameAttribute: 'Name' },
  'AWS::StepFunctions::Activity': { property: 'Name', arn: ['states', 'activity:'], ref: 'arn', nameAttribute: 'Name' },
  'AWS::DynamoDB::Table': { property: 'TableName', arn: ['dynamodb', 'table/'] },
  'AWS::S3::Bucket': { property: 'BucketName', arn: ['s3', ''], scope: 'global' },
  'AWS::SNS::Topic': { property: 'TopicName', arn: ['sns', ''], ref: 'arn', nameAttribute: 'TopicName' },
  'AWS::SQS::Queue': { property: 'QueueName', arn: ['sqs', ''], ref: 'url', nameAttribute: 'QueueName' },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: ['lambda', 'function:'] },
  'AWS::IAM::Role': { property: 'RoleName', arn: ['iam', 'role/'], scope: 'regionless' },
  'AWS::IAM::InstanceProfile': { property: 'InstanceProfileName', arn: ['iam', 'instance-profile/'], scope: 'regionless' },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: ['logs', 'log-group:'] },
  'AWS::Scheduler::Schedule': { property: 'Name', arn: ['scheduler', 'schedule/default/'] },
  'AWS::Scheduler::ScheduleGroup': { property: 'Name', arn: ['scheduler', 'schedule-group/'] },
  'AWS::SecretsManager::Secret': { property: 'Name', arn: ['secretsmanager', 'secret:'], ref: 'arn' },
  'AWS::KMS::Key': { arn: ['kms', 'key/'] },
};

/** Ids as CloudFormation would give, but the same ones each time. Attributes that are not known here come out as `<name>-<attribute>`. */
export function physicalIdOf(logicalId: string, type: string, properties: Json | undefined, at: Environment): PhysicalId {
  const naming: Naming = NAMINGS[type] ?? { arn: [type.split('::')[1]?.toLowerCase() ?? 'unknown', ''] };
  const given = naming.property && isObject(properties ?? null) ? (properties as Record<string, Json>)[naming.property] : undefined;
  const name = typeof given === 'string' ? given : generatedName(logicalId, type, at);
  const [service, prefix] = naming.arn;
  const place = naming.scope === 'global' ? ':' : `${naming.scope === 'regionless' ? '' : at.region}:${at.accountId}`;
  const arn = `arn:aws:${service}:${place}:${prefix}${name}`;
  const url = `https://sqs.${at.region}.amazonaws.com/${at.accountId}/${name}`;
  return {
    ref: { arn, url, name }[naming.ref ?? 'name'],
    attributes: { Arn: arn, ...naming.nameAttribute ? { [naming.nameAttribute]: name } : {} },
  };
}

function generatedName(logicalId: string, type: string, { stackName }: Environment): string {
  if (type === 'AWS::S3::Bucket') return `${stackName}-${logicalId}`.toLowerCase().replace(/[^a-z0-9-]/g, '').slice(-63).replace(/^-/, '0');
  // An execution's ARN holds it, and task names may: the shorter the better.
  return type.startsWith('AWS::StepFunctions') ? logicalId.slice(-80) : `${stackName}-${logicalId}`.slice(-64);
}
