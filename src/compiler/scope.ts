/** What the names in the texts of an object stand for: values of the run, parameters, and fields of objects. */
import { Construct } from 'constructs';
import { ReferenceNode } from '../expression/ast';
import { ExpressionError } from '../expression/error';
import { ExpressionScope, Resolved } from '../expression/evaluate';
import { parseTemplate } from '../expression/parser';
import { renderTemplate } from '../expression/render';
import { refuseRuntimeField } from '../expression/runtime-fields';
import { jsonataString } from '../expression/value';
import { FieldValue, valuesAt } from '../fields';
import { ParameterType } from '../parameter-type';
import type { PipelineObject } from '../pipeline-object';

/** JSONata of names that only some places know, such as `node.@status` in an action. */
export type Names = Readonly<Record<string, Resolved>>;

/** Where values go that are not known at synth. */
export interface Outside {
  /** JSONata of a text, which may hold tokens. */
  literal(text: string): string;
  /** Name of the variable that holds a token. */
  constant(token: string): string;
  /** JSONata of the offsets of a time zone. */
  zone(name: string): string;
}

const TIMES: Names = {
  '@scheduledStartTime': { kind: 'jsonata', type: 'date', text: '$scheduledStartTime' },
  '@scheduledEndTime': { kind: 'jsonata', type: 'date', text: '$scheduledEndTime' },
  '@actualStartTime': { kind: 'jsonata', type: 'date', text: '$states.context.State.EnteredTime' },
  // A run is the latest that it knows of, and the next begins where its interval ends.
  '@latestRunTime': { kind: 'jsonata', type: 'date', text: '$scheduledStartTime' },
  '@nextRunTime': { kind: 'jsonata', type: 'date', text: '$scheduledEndTime' },
};

/** Of what a precondition guards: in the same run. */
const NODE_TIMES: Names = { 'node.@scheduledStartTime': TIMES['@scheduledStartTime'], 'node.@scheduledEndTime': TIMES['@scheduledEndTime'] };

export class ObjectScope implements ExpressionScope {
  readonly names: string[];
  readonly fields: string[];
  private readonly known: Names;

  /**
   * `names` are those that an action has beside; `following` are the fields that are being evaluated. A prop that needs the values of array
   * parameters before there is a run fixes them.
   */
  constructor(
    private readonly object: PipelineObject, private readonly own: Names, private readonly outside: Outside,
    private readonly following: readonly string[] = [], private readonly fixedBy?: string,
  ) {
    const id: Resolved = { kind: 'value', value: object.objectId };
    const ids: Names = { '@id': id, 'parent.@id': id, '@pipelineId': { kind: 'value', value: object.pipeline.pipelineName } };
    this.known = { ...TIMES, ...ids, ...object._node ? NODE_TIMES : {}, ...own };
    this.names = [...Object.keys(this.known), ...object.pipeline._parameters.names];
    this.fields = Object.keys(object._fields);
  }

  resolve({ path }: ReferenceNode): Resolved | undefined {
    const name = path.join('.');
    if (Object.hasOwn(this.known, name)) return this.known[name];
    const value = this.parameter(name) ?? this.array(name) ?? this.field(path);
    if (!value) refuseRuntimeField(path);
    return value;
  }

  zone(name: string): string {
    return this.outside.zone(name);
  }

  private parameter(name: string): Resolved | undefined {
    const value = this.object.pipeline._parameters.default(name);
    if (value === undefined) return undefined;
    const given = givenBy(name);
    const text = `($exists(${given}) ? $string(${given}) : ${this.outside.literal(value)})`;
    const type = this.typeOf(name);
    return { kind: 'jsonata', type, text: type === 'string' ? text : `$number(${text})` };
  }

  private array(name: string): Resolved | undefined {
    const { pipeline, objectId } = this.object;
    const values = pipeline._parameters.defaults(name);
    if (values === undefined) return undefined;
    const type = this.typeOf(name);
    if (this.fixedBy === undefined) {
      const text = `($exists(${givenBy(name)}) ? ${givenBy(name)} : [${values.map((value) => this.outside.literal(value)).join(', ')}])`;
      return { kind: 'array', type, text };
    }
    pipeline._parameters.fix(name, `${this.fixedBy} of ${objectId}`);
    return { kind: 'list', items: values.map((value) => ({ kind: 'value', value: type === 'string' ? value : Number(value) })) };
  }

  private typeOf(name: string): 'integer' | 'number' | 'string' {
    switch (this.object.pipeline._parameters.type(name)) {
      case ParameterType.INTEGER: return 'integer';
      case ParameterType.DOUBLE: return 'number';
      default: return 'string';
    }
  }

  private field([first, ...path]: readonly string[]): Resolved | undefined {
    const items = this.values(first, path).map((value) => this.evaluated(value));
    return items.length > 1 ? { kind: 'list', items } : items[0];
  }

  private values(first: string, path: readonly string[]): FieldValue[] {
    if (first !== 'node') return valuesAt(this.object, [first, ...path]);
    // An action is seen from the object that it belongs to.
    const node = 'node.name' in this.own ? this.object : this.object._node;
    if (node === 'later') return [{ owner: this.object, field: first, value: '' }];
    return node ? valuesAt(node, path) : [];
  }

  /** A text is evaluated for the object that it is a field of: what it refers to may be fields in their turn, but the run's values are its own. */
  private evaluated({ owner, field, value }: FieldValue): Resolved {
    if (!(owner instanceof Construct) || typeof value !== 'string') return { kind: 'value', value };
    const object = owner as PipelineObject;
    const place = `${object.objectId}.${field}`;
    if (this.following.includes(place)) throw new ExpressionError(`${place} refers to itself, in "${value}"`);
    const scope = new ObjectScope(object, {}, this.outside, [...this.following, place]);
    const rendered = renderTemplate(parseTemplate(value), scope, (token) => this.outside.constant(token));
    return rendered.kind === 'constant' ? { kind: 'value', value: rendered.text } : { kind: 'jsonata', type: 'string', text: rendered.text };
  }
}

/** JSONata of what a run is given for a parameter. */
function givenBy(name: string): string {
  return `$lookup($parameters, ${jsonataString(name)})`;
}
