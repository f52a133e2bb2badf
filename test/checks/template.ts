/**
 * A synthesized template as deployment would fill it in: references become names and ARNs of the shape that AWS gives them.
 */
import * as fs from 'fs';
import * as path from 'path';
import { isObject, JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

export const REGION = 'eu-central-1';
export const ACCOUNT = '111122223333';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::URLSuffix': 'amazonaws.com', 'AWS::StackName': 'Stack',
};

export interface Resource {
  readonly id: string;
  readonly type: string;
  /** References resolved. */
  readonly properties: JsonObject;
}

export interface StateMachine {
  readonly id: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: JsonObject;
}

/** A template as CDK writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Json }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
}

export class SynthesizedTemplate {
  readonly resources: readonly Resource[];

  /** `folder` is that of the assembly: large definitions are files beside the template. */
  constructor(private readonly template: Template, private readonly folder = '') {
    this.resources = Object.entries(template.Resources)
      .map(([id, { Type, Properties }]) => ({ id, type: Type, properties: this.resolve(Properties ?? {}) as JsonObject }));
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  arn(id: string): string {
    return this.identity(id).arn;
  }

  get stateMachines(): StateMachine[] {
    return this.ofType('AWS::StepFunctions::StateMachine').map(({ id, properties }) => ({
      id, arn: this.arn(id), roleArn: String(properties.RoleArn), definition: JSON.parse(this.definition(properties)) as JsonObject,
    }));
  }

  private definition({ DefinitionString, DefinitionS3Location, DefinitionSubstitutions }: JsonObject): string {
    if (DefinitionString !== undefined) return String(DefinitionString);
    const values = DefinitionSubstitutions as JsonObject;
    return uploaded(this.folder, (DefinitionS3Location as { Key: string }).Key).replace(/\$\{(DataPipeline\d+)\}/g, (_, name: string) => String(values[name]));
  }

  /** A value with its references filled in. */
  resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => !isNoValue(item));
    if (!isObject(value)) return value;
    const [key, ...others] = Object.keys(value);
    if (others.length === 0 && /^(Ref$|Fn::)/.test(key)) return this.intrinsic(key, value[key]);
    const entries = Object.entries(value).map(([name, item]): [string, Json] => [name, this.resolve(item)]);
    return Object.fromEntries(entries.filter(([, item]) => !isNoValue(item)));
  }

  private intrinsic(name: string, argument: Json): Json {
    if (name === 'Ref') return this.reference(String(argument));
    if (name === 'Fn::Sub') return String(argument).replace(/\$\{([^!}]+)\}/g, (_, reference: string) => String(this.reference(reference)));
    const [first, second] = argument as [Json, Json];
    switch (name) {
      case 'Fn::GetAtt': return this.attribute(String(first), String(second));
      case 'Fn::Join': return (this.resolve(second) as Json[]).join(String(first));
      case 'Fn::Select': return (this.resolve(second) as Json[])[Number(first)];
      case 'Fn::Split': return String(this.resolve(second)).split(String(first));
      default: throw new Error(`test/checks/template.ts knows no ${name}; add it`);
    }
  }

  private reference(name: string): Json {
    if (name === 'AWS::NoValue') return { Ref: name };
    const { Parameters: parameters = {} } = this.template;
    return PSEUDO[name] ?? (parameters[name] ? parameters[name].Default ?? name : this.identity(name).ref);
  }

  private attribute(id: string, name: string): string {
    if (name.endsWith('Arn')) return this.arn(id);
    return name === 'Name' ? id : `${id.toLowerCase()}-${name.toLowerCase()}`;
  }

  /** What a resource's Ref and ARN look like. */
  private identity(id: string): { ref: string; arn: string } {
    const type = this.template.Resources[id]?.Type;
    const shape = SHAPES[type];
    if (!shape) throw new Error(`test/checks/template.ts knows not what refers to ${id} (${type}); add its type`);
    const name = type === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
    const arn = shape.arn(name);
    return { ref: shape.refIsArn ? arn : name, arn };
  }
}

interface Asset {
  readonly source: { readonly path: string };
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, Asset>>;
}

/** The text of the file of an assembly that is uploaded under that key. */
export function uploaded(folder: string, key: string): string {
  const manifests = fs.readdirSync(folder).filter((name) => name.endsWith('.assets.json'));
  const assets = manifests.flatMap((name) => Object.values((JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as AssetManifest).files));
  const asset = assets.find(({ destinations }) => Object.values(destinations).some(({ objectKey }) => objectKey === key));
  if (!asset) throw new Error(`${folder}: no file is uploaded as ${key}`);
  return fs.readFileSync(path.join(folder, asset.source.path), 'utf8');
}

function isNoValue(value: Json): boolean {
  return isObject(value) && value.Ref === 'AWS::NoValue';
}

interface Shape {
  readonly arn: (name: string) => string;
  readonly refIsArn?: boolean;
}

const regional = (service: string, prefix: string) => (name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${prefix}${name}`;
const iam = (prefix: string) => (name: string) => `arn:aws:iam::${ACCOUNT}:${prefix}${name}`;

const SHAPES: Readonly<Record<string, Shape | undefined>> = {
  'AWS::DynamoDB::Table': { arn: regional('dynamodb', 'table/') },
  'AWS::Events::Rule': { arn: regional('events', 'rule/') },
  'AWS::IAM::InstanceProfile': { arn: iam('instance-profile/') },
  'AWS::IAM::Role': { arn: iam('role/') },
  'AWS::KMS::Key': { arn: regional('kms', 'key/') },
  'AWS::Lambda::Function': { arn: regional('lambda', 'function:') },
  'AWS::Logs::LogGroup': { arn: regional('logs', 'log-group:') },
  'AWS::S3::Bucket': { arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::Scheduler::Schedule': { arn: regional('scheduler', 'schedule/default/') },
  'AWS::Scheduler::ScheduleGroup': { arn: regional('scheduler', 'schedule-group/') },
  'AWS::SecretsManager::Secret': { arn: (name) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`, refIsArn: true },
  'AWS::SNS::Topic': { arn: regional('sns', ''), refIsArn: true },
  'AWS::SSM::Document': { arn: regional('ssm', 'document/') },
  'AWS::SQS::Queue': { arn: regional('sqs', '') },
  'AWS::StepFunctions::Activity': { arn: regional('states', 'activity:'), refIsArn: true },
  'AWS::StepFunctions::StateMachine': { arn: regional('states', 'stateMachine:'), refIsArn: true },
};
