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

  /** `names` are those that an action has beside; `following` are the fields that are being evaluated. */
  constructor(
    private readonly object: PipelineObject, private readonly own: Names, private readonly outside: Outside,
    private readonly following: readonly string[] = [],
  ) {
    const id: Resolved = { kind: 'value', value: object.objectId };
    const ids: Names = { '@id': id, 'parent.@id': id, '@pipelineId': { kind: 'value', value: object.pipeline.pipelineName } };
    this.known = { ...TIMES, ...ids, ...object._node ? NODE_TIMES : {}, ...own };
    this.names = [...Object.keys(this.known), ...Object.keys(object.pipeline.parameters)];
    this.fields = Object.keys(object._fields);
  }

  resolve({ path }: ReferenceNode): Resolved | undefined {
    const name = path.join('.');
    if (Object.hasOwn(this.known, name)) return this.known[name];
    const { parameters } = this.object.pipeline;
    const value = Object.hasOwn(parameters, name) ? this.parameter(name, parameters[name]) : this.field(path);
    if (!value) refuseRuntimeField(path);
    return value;
  }

  zone(name: string): string {
    return this.outside.zone(name);
  }

  private parameter(name: string, value: string): Resolved {
    const given = `$lookup($parameters, ${jsonataString(name)})`;
    const text = `($exists(${given}) ? $string(${given}) : ${this.outside.literal(value)})`;
    switch (this.object.pipeline._parameterTypes[name]) {
      case ParameterType.INTEGER: return { kind: 'jsonata', type: 'integer', text: `$number(${text})` };
      case ParameterType.DOUBLE: return { kind: 'jsonata', type: 'number', text: `$number(${text})` };
      default: return { kind: 'jsonata', type: 'string', text };
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
