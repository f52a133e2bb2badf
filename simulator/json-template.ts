/** JSON in which strings `{% ... %}` are expressions: read once, filled in as often as a state is visited. */
import { isObject, JsonObject } from './json';
import { Json } from './task';

/** Evaluates one expression; `place` says where in the template it stands: `/Key/run`, `[0]`. */
type Evaluate = (source: string, place: string) => Json | Promise<Json>;
type Template = (evaluate: Evaluate) => Json | Promise<Json>;

const EXPRESSION = /^\{%([\s\S]*)%\}$/;
const texts = new Map<string, Template | undefined>();
const composed = new WeakMap<object, { readonly template?: Template }>();

/** The source of `{% source %}`; undefined for anything else. */
export function expressionIn(template: unknown): string | undefined {
  return typeof template === 'string' ? EXPRESSION.exec(template)?.[1].trim() : undefined;
}

/** Undefined for what has no expression: it is its own value. */
export function templateOf(json: Json): Template | undefined {
  if (typeof json === 'string') {
    if (!texts.has(json)) texts.set(json, read(json, ''));
    return texts.get(json);
  }
  if (typeof json !== 'object' || json === null) return undefined;
  let known = composed.get(json);
  if (!known) composed.set(json, known = { template: read(json, '') });
  return known.template;
}

function read(json: Json, place: string): Template | undefined {
  const source = expressionIn(json);
  if (source !== undefined) return evaluate => evaluate(source, place);
  if (Array.isArray(json)) return whole(json, json.map((item, index) => read(item, `${place}[${index}]`)), values => values);
  if (!isObject(json)) return undefined;
  const names = Object.keys(json);
  return whole(Object.values(json), names.map(name => read(json[name], `${place}/${name}`)), values => objectOf(names, values));
}

function whole(members: readonly Json[], templates: readonly (Template | undefined)[], make: (values: Json[]) => Json): Template | undefined {
  if (templates.every(template => template === undefined)) return undefined;
  return evaluate => {
    const values = templates.map((template, index) => template ? template(evaluate) : members[index]);
    return values.some(value => value instanceof Promise) ? Promise.all(values).then(make) : make(values as Json[]);
  };
}

function objectOf(names: readonly string[], values: readonly Json[]): JsonObject {
  const made: JsonObject = {};
  names.forEach((name, index) => made[name] = values[index]);
  return made;
}
