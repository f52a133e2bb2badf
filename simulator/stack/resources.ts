import { Fields } from '../services/fields';
import { Json } from '../task';
import { Intrinsics, NO_VALUE, References } from './intrinsics';
import { PhysicalId, physicalIdOf } from './physical-id';
import { Environment, Template, TemplateError } from './template';

/** A resource as it is deployed. */
export interface DeployedResource extends PhysicalId {
  readonly logicalId: string;
  /** Resolved. */
  readonly properties: Fields;
}

/** What the function behind a custom resource answers: what the template can ask of it. */
export type CustomResources = (type: string, properties: Fields) => Readonly<Record<string, string>>;

/** The resources of a template, by type and by name. */
export class Resources implements References {
  private readonly physicalIds: ReadonlyMap<string, PhysicalId>;

  constructor(
    private readonly template: Template,
    private readonly environment: Environment,
    private readonly parameters: Readonly<Record<string, string>> = {},
    private readonly custom: CustomResources = () => ({}),
  ) {
    this.physicalIds = new Map(Object.entries(template.Resources).map(([logicalId, { Type, Properties }]) =>
      [logicalId, physicalIdOf(logicalId, Type, Properties, environment)]));
  }

  public ofType(type: string): DeployedResource[] {
    return Object.keys(this.template.Resources)
      .filter(logicalId => this.template.Resources[logicalId].Type === type)
      .map(logicalId => this.deployed(logicalId));
  }

  /** By logical id, or by what it ends in before the hash: `RunTable` for `LogEtlRunTable083C15D0`. */
  public find(type: string, name: string): DeployedResource {
    const all = this.ofType(type);
    const found = all.filter(({ logicalId }) => logicalId === name || logicalId.slice(0, -8).endsWith(name));
    if (found.length === 1) return found[0];
    const complaint = found.length === 0 ? 'there is none of that name' : `${found.length} have that name`;
    throw new TemplateError(`${type} '${name}'`, `${complaint}; there are ${all.map(({ logicalId }) => logicalId).join(', ') || 'none at all'}`);
  }

  public ref(name: string, where: string): Json {
    const pseudo = this.pseudoParameters()[name];
    if (pseudo !== undefined) return pseudo;
    const parameter = this.template.Parameters?.[name];
    if (parameter) return this.parameters[name] ?? parameter.Default ?? refuse(where, `parameter '${name}' has no default and was given no value`);
    return this.physicalId(name, where).ref;
  }

  public attribute(logicalId: string, name: string, where: string): string {
    const { ref, attributes } = this.physicalId(logicalId, where);
    const { Type } = this.template.Resources[logicalId];
    const answered = Type.startsWith('Custom::') ? this.custom(Type, this.deployed(logicalId).properties) : {};
    return answered[name] ?? attributes[name] ?? `${ref}-${name}`;
  }

  private deployed(logicalId: string): DeployedResource {
    const properties = new Intrinsics(this, `resource '${logicalId}'`).resolve(this.template.Resources[logicalId].Properties ?? {}) as Fields;
    return { logicalId, properties, ...this.physicalId(logicalId, logicalId) };
  }

  private physicalId(logicalId: string, where: string): PhysicalId {
    return this.physicalIds.get(logicalId) ?? refuse(where, `refers to '${logicalId}', which the template does not have`);
  }

  private pseudoParameters(): Record<string, Json> {
    const { stackName, region, accountId } = this.environment;
    return {
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::AccountId': accountId,
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-0000-0000-000000000000`,
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::NoValue': NO_VALUE,
    };
  }
}

function refuse(where: string, problem: string): never {
  throw new TemplateError(where, problem);
}
