/** One object after the other: what becomes of its fields, by the rules of its type. */
import { Code, PlannedConstruct, Props } from './code';
import type { Definition, Position } from './definition';
import { isReference } from './definition';
import { Entries } from './ledger';
import { PIPELINE } from './mapping/common';
import { Outcome, propOf, Rule, TypeRules, Whole, without } from './mapping/rule';
import { typeRules } from './mapping/types';
import { Surroundings, Use } from './mapping/use';
import { ParameterValue, parametersOf } from './parameters';
import type { Problem } from './problem';
import { Resolved, ResolvedField, ResolvedObject, resolve } from './resolve';
import { isSecretName } from './secrets';
import { Texts, Vocabulary } from './texts';
import type { ParameterValues } from '../contract/parameters';

/** Of Default, they are the pipeline's; all else is inherited by the objects that have such a field. */
const OF_PIPELINE = [...Object.keys(PIPELINE), 'schedule', 'scheduleType', 'pipelineLogUri', 'name', 'type', 'parent', 'id'];
/** Of any object, beside the fields of its type. */
const OF_ALL = ['type', 'parent', 'name', 'id'];

/** What an object becomes. */
interface Mapped {
  readonly props: Props;
  readonly note: readonly string[];
}

export class Planner implements Surroundings, Vocabulary {
  readonly problems: Problem[] = [];
  readonly entries = new Entries();
  readonly texts = new Texts(this);
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly defaults: ResolvedObject;
  readonly objects: readonly ResolvedObject[];
  /** Constructs that no object of the definition is. */
  readonly added = new Map<string, PlannedConstruct>();
  private readonly byId: ReadonlyMap<string, ResolvedObject>;
  private readonly mapped = new Map<string, Mapped | 'begun'>();

  constructor(readonly definition: Definition, parameterValues: ParameterValues) {
    this.parameters = parametersOf(definition, parameterValues, this.problems);
    const { defaults, objects }: Resolved = resolve(definition, this.problems);
    this.defaults = defaults;
    this.objects = objects;
    this.byId = new Map(objects.map((object) => [object.id, object]));
  }

  object(id: string): ResolvedObject | undefined {
    return this.byId.get(id);
  }

  typeOf(id: string): TypeRules | undefined {
    return typeRules(this.byId.get(id)?.type);
  }

  isMapped(object: ResolvedObject, field: string): boolean {
    if (field === 'name' || field === 'id') return object.name === undefined || object.name === object.id || field === 'id';
    const rules = object === this.defaults ? PIPELINE : typeRules(object.type)?.fields;
    return rules !== undefined && Object.hasOwn(rules, field) || Object.hasOwn(PIPELINE, field) || field === 'pipelineLogUri';
  }

  propsOf(id: string): Props | undefined {
    return this.mappingOf(id)?.props;
  }

  notesOf(id: string): readonly string[] {
    return this.mappingOf(id)?.note ?? [];
  }

  /** Of `<object>.<field>`. */
  placeOf(use: string): Position | undefined {
    const dot = use.lastIndexOf('.');
    const object = this.byId.get(use.slice(0, dot)) ?? this.defaults;
    return (object.fields.get(use.slice(dot + 1)) ?? object).at;
  }

  workerGroup(name: string): string {
    const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-');
    const id = this.byId.has(plain) ? `${plain}-hosts` : plain;
    if (!this.added.has(id)) this.added.set(id, { id, construct: 'WorkerGroup', props: [], note: [`The worker group ${name}: its hosts come in by its activation.`] });
    return id;
  }

  tell(severity: 'error' | 'warning', object: ResolvedObject, { name, at, from }: ResolvedField, message: string): void {
    const subject = from === this.defaults.id ? from : object.id;
    const known = this.problems.some((each) => each.object === subject && each.field === name && each.message === message && each.at === at);
    if (!known) this.problems.push({ severity, object: subject, field: name, at, message });
  }

  /** What a field becomes, by a rule; its fate is recorded. */
  apply(rule: Rule, object: ResolvedObject, field: ResolvedField): Outcome | undefined {
    if (field.values.length === 0 && !field.list && !isSecretName(field.name)) {
      this.entries.record(field, { fate: 'kept', why: 'It is empty.' });
      return undefined;
    }
    const outcome = rule(new Use(object, field, this));
    if (outcome) this.entries.record(field, outcome);
    return outcome;
  }

  private mappingOf(id: string): Mapped | undefined {
    const known = this.mapped.get(id);
    if (known === 'begun') {
      this.problems.push({ severity: 'error', object: id, message: 'refers to itself, by way of other objects; no object is a part of its own' });
      return undefined;
    }
    const object = this.byId.get(id);
    const type = this.typeOf(id);
    if (known || !object || !type) return known;
    this.mapped.set(id, 'begun');
    const mapped = this.map(object, type);
    this.mapped.set(id, mapped);
    return mapped;
  }

  private map(object: ResolvedObject, type: TypeRules): Mapped {
    const fields = this.fieldsOf(object, type);
    this.checkRequired(object, type, fields);
    const outcomes = [...fields.values()].flatMap((field) => {
      const rule = ruleOf(type, field.name);
      return rule ? this.apply(rule, object, field) ?? [] : [];
    });
    const props = unique(outcomes.flatMap((outcome) => outcome.props ?? []));
    const finished = type.finish?.(props, this.whole(object, fields)) ?? props;
    const inTime = this.onTime(finished, this.whole(object, fields));
    const note = outcomes.flatMap((outcome) => outcome.note ?? []);
    return { props: type.kind === 'data node' ? this.withDatabase(object, inTime) : inTime, note };
  }

  /** Being late has no meaning where nothing is done then. */
  private onTime(props: Props, whole: Whole): Props {
    const acts = propOf(props, 'onLateAction') ?? (this.defaults.fields.get('onLateAction')?.values.length || undefined);
    if (!propOf(props, 'lateAfterTimeout') || acts) return props;
    whole.warn('lateAfterTimeout', 'is left out: there is no onLateAction');
    return without(props, 'lateAfterTimeout');
  }

  /** With those of Default that the type has. */
  private fieldsOf(object: ResolvedObject, type: TypeRules): Map<string, ResolvedField> {
    const fields = new Map(object.fields);
    for (const [name, field] of this.defaults.fields) {
      if (OF_PIPELINE.includes(name) || fields.has(name) || !ruleOf(type, name)) continue;
      if (name === 'workerGroup' && fields.has('runsOn') || name === 'runsOn' && object.fields.has('workerGroup')) continue;
      fields.set(name, { ...field, from: this.defaults.id });
    }
    return fields;
  }

  private checkRequired(object: ResolvedObject, { required = [], oneOf = [] }: TypeRules, fields: ReadonlyMap<string, ResolvedField>): void {
    const has = (name: string) => fields.has(name) || name.startsWith('*') && fields.has(name.slice(1));
    const error = (field: string, message: string) => this.problems.push({ severity: 'error', object: object.id, field, at: fields.get(field)?.at ?? object.at, message });
    for (const name of required.filter((each) => !has(each))) error(name, `is missing; ${article(object.type ?? '')} needs it`);
    for (const names of oneOf) {
      const given = names.filter(has);
      if (given.length === 0) error(names[0], `is missing; give ${names.join(' or ')}`);
      if (given.length > 1 && !given.includes('runsOn') && !given.includes('clusterId')) error(given[1], `goes not with ${given[0]}; give one of ${names.join(' and ')}`);
    }
  }

  private whole(object: ResolvedObject, fields: ReadonlyMap<string, ResolvedField>): Whole {
    const field = (name: string): ResolvedField => fields.get(name) ?? { name, values: [], list: false, from: object.id, at: object.at };
    return {
      object,
      field: (name) => fields.get(name),
      warn: (name, message) => this.tell('warning', object, field(name), message),
      error: (name, message) => this.tell('error', object, field(name), message),
    };
  }

  /** Of a node that says itself how to connect. */
  private withDatabase(object: ResolvedObject, props: Props): Props {
    const names = ['connectionString', 'username', 'password'];
    const connection = props.filter(([name]) => names.includes(name));
    if (typeRules(object.type)?.fields.table === undefined) return props;
    if (propOf(props, 'database')) return without(props, ...names);
    if (connection.length === 0) {
      this.problems.push({ severity: 'error', object: object.id, field: 'database', at: object.at, message: 'is missing; give the id of a database' });
      return props;
    }
    const id = `${object.id}Database`;
    this.added.set(id, { id, construct: 'JdbcDatabase', props: connection, note: [`The database of ${object.id}.`] });
    return [['database', { kind: 'object-ref', id }], ...without(props, ...names)];
  }
}

function ruleOf({ fields }: TypeRules, name: string): Rule | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  return Object.hasOwn(fields, `*${name}`) && isSecretName(name) ? fields[`*${name}`] : undefined;
}

/** What several fields say is said once, by the first. */
function unique(props: Props): Props {
  return [...new Map<string, Code>([...props].reverse())].reverse().map(([name, code]) => [name, code] as const);
}

function article(type: string): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** Whether a field is none of its type's. */
export function isUnknown(planner: Planner, object: ResolvedObject, name: string): boolean {
  if (OF_ALL.includes(name)) return false;
  if (object === planner.defaults) return !OF_PIPELINE.includes(name);
  const type = typeRules(object.type);
  return !type || !ruleOf(type, name);
}

export function idsIn(field: ResolvedField | undefined): string[] {
  return (field?.values ?? []).map((value) => isReference(value) ? value.ref : value);
}
