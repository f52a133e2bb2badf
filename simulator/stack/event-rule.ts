import { isObject, JsonObject } from '../json';
import { Fields, fields, optionalFields, optionalText, text } from '../services/fields';
import { Json } from '../task';
import { DeployedResource } from './resources';
import { TemplateError } from './template';

export interface RuleTarget {
  readonly arn: string;
  readonly inputFor: (event: JsonObject) => Json;
}

/** A rule of EventBridge: which events it matches, and what its targets get of them. */
export class EventRule {
  public readonly targets: readonly RuleTarget[];
  private readonly pattern: Fields;
  private readonly where: string;

  constructor({ logicalId, properties }: DeployedResource) {
    this.where = `rule '${logicalId}'`;
    this.pattern = properties.State === 'DISABLED' ? { source: [] } : fields(properties, 'EventPattern');
    this.checkPattern(this.pattern);
    const targets = properties.Targets;
    this.targets = Array.isArray(targets) ? targets.filter(isObject).map(target => ({ arn: text(target, 'Arn'), inputFor: this.inputOf(target) })) : [];
  }

  public matches(event: JsonObject): boolean {
    return matches(this.pattern, event);
  }

  private checkPattern(pattern: Fields): void {
    for (const [name, value] of Object.entries(pattern)) {
      if (isObject(value ?? null)) {
        this.checkPattern(value as Fields);
      } else if (!Array.isArray(value) || value.some(isObject)) {
        throw new TemplateError(this.where, `EventPattern: '${name}' is ${JSON.stringify(value)}; lists of plain values are matched here`);
      }
    }
  }

  private inputOf(target: Fields): (event: JsonObject) => Json {
    const transformer = optionalFields(target, 'InputTransformer');
    const constant = optionalText(target, 'Input');
    const path = optionalText(target, 'InputPath');
    if (transformer) return event => this.transformed(transformer, event);
    if (constant !== undefined) return () => JSON.parse(constant) as Json;
    return event => (path === undefined ? event : valueAt(event, path) ?? null);
  }

  /** A variable in quotes is inserted as it is, any other as JSON. */
  private transformed(transformer: Fields, event: JsonObject): Json {
    const paths = optionalFields(transformer, 'InputPathsMap') ?? {};
    const valueOf = (name: string): Json => {
      if (!(name in paths)) throw new TemplateError(this.where, `InputTemplate: '<${name}>' is not in InputPathsMap`);
      return valueAt(event, text(paths, name)) ?? null;
    };
    const filled = text(transformer, 'InputTemplate').replace(/"(?:[^"\\]|\\.)*"|<([^<>]+)>/g, (token, name?: string) => (
      name !== undefined ? JSON.stringify(valueOf(name)) : token.replace(/<([^<>]+)>/g, (_, quoted: string) => String(valueOf(quoted)))
    ));
    return JSON.parse(filled) as Json;
  }
}

function matches(pattern: Fields, event: JsonObject): boolean {
  return Object.entries(pattern).every(([name, wanted]) => (
    Array.isArray(wanted) ? wanted.includes(event[name]) : isObject(event[name] ?? null) && matches(wanted as Fields, event[name] as JsonObject)
  ));
}

function valueAt(event: JsonObject, path: string): Json | undefined {
  return path.split('.').slice(1).reduce<Json | undefined>((value, name) => (isObject(value ?? null) ? (value as JsonObject)[name] : undefined), event);
}
