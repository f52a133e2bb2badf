/**
 * A tree to a definition, in any of the forms that definitions come in: as `put-pipeline-definition` takes it (objects whose keys are
 * fields), and as the API has it (`pipelineObjects` with lists of `fields`), in camel case and Pascal case.
 */
import type { Definition, DefinitionField, DefinitionObject, DefinitionParameter, FieldValue } from './definition';
import { readJson } from './json';
import type { Problem } from './problem';
import { entryOf, Read, Tree, TreeEntry } from './tree';

const OBJECTS = ['objects', 'pipelineObjects', 'PipelineObjects'];
const PARAMETERS = ['parameters', 'parameterObjects', 'ParameterObjects'];
const VALUES = ['values', 'parameterValues', 'ParameterValues'];
const MOST_OBJECTS = 5_000;

/** The definition in a text of JSON. */
export function readDefinition(text: string): Read<Definition> {
  const { value, problems } = readJson(text);
  if (problems.length > 0) return { value: { objects: [], parameters: [], values: new Map() }, problems };
  return definitionOf(value);
}

/** The definition that a tree holds. */
export function definitionOf(tree: Tree): Read<Definition> {
  const reader = new Reader();
  return { value: reader.definition(tree), problems: reader.problems };
}

/** Values of parameters by themselves, as `put-pipeline-definition` takes them: `{ "values": { ... } }`, or what is in it. */
export function parameterValuesOf(tree: Tree): Read<Map<string, string[]>> {
  const reader = new Reader();
  return { value: reader.values(entryOf(tree, ...VALUES) ?? { key: VALUES[0], value: tree, at: tree.at }), problems: reader.problems };
}

class Reader {
  readonly problems: Problem[] = [];

  definition(tree: Tree): Definition {
    const objects = this.listOf(tree, OBJECTS, true).flatMap((item) => this.object(item));
    if (objects.length > MOST_OBJECTS) this.error(tree, `has ${objects.length} objects; a pipeline has at most ${MOST_OBJECTS}`);
    this.unique('object', objects);
    const parameters = this.listOf(tree, PARAMETERS, false).flatMap((item) => this.parameter(item));
    this.unique('parameter', parameters);
    return { objects: objects.slice(0, MOST_OBJECTS), parameters, values: this.values(entryOf(tree, ...VALUES)) };
  }

  values(entry: TreeEntry | undefined): Map<string, string[]> {
    if (!entry) return new Map();
    const { value } = entry;
    const pairs = value.kind === 'list' ? value.items.flatMap((item) => this.parameterValue(item)) : value.kind === 'map' ? value.entries : [];
    if (value.kind === 'text') this.error(value, '"values" is no object; give { "<parameter>": "<value>" }');
    return new Map(this.merged(pairs.map((each) => this.field(each.key, each)))
      .map(({ name, values }) => [name, values.filter((each) => typeof each === 'string')]));
  }

  private listOf(tree: Tree, keys: readonly string[], required: boolean): readonly Tree[] {
    const entry = entryOf(tree, ...keys);
    if (entry?.value.kind === 'list') return entry.value.items;
    if (entry || required) this.error(entry?.value ?? tree, `"${keys[0]}" is ${entry ? 'no list' : 'missing'}; a definition is { "objects": [{ "id": ..., ... }, ...] }`);
    return [];
  }

  private object(tree: Tree): DefinitionObject[] {
    const id = this.id(tree, 'object');
    if (id === undefined) return [];
    const name = entryOf(tree, 'name', 'Name')?.value;
    const fields = this.fields(id, tree, ['fields', 'Fields']);
    return [{ id, name: name?.kind === 'text' ? name.text : undefined, fields, at: tree.at }];
  }

  private parameter(tree: Tree): DefinitionParameter[] {
    const id = this.id(tree, 'parameter');
    return id === undefined ? [] : [{ id, attributes: this.fields(id, tree, ['attributes', 'Attributes']), at: tree.at }];
  }

  private id(tree: Tree, what: string): string | undefined {
    const id = entryOf(tree, 'id', 'Id')?.value;
    if (id?.kind === 'text' && id.text.trim() !== '') return id.text;
    this.error(tree, `the id of the ${what} is ${id ? 'no text' : 'missing'}; give it one of letters and digits`);
    return undefined;
  }

  /** Either they are a list of keys and values, or the entries themselves. */
  private fields(id: string, tree: Tree, keys: readonly string[]): DefinitionField[] {
    const list = entryOf(tree, ...keys)?.value;
    const items = list?.kind === 'list' ? list.items : undefined;
    const pairs = items?.flatMap((item) => this.pair(id, item)) ?? (tree.kind === 'map' ? tree.entries : []);
    const own = pairs.filter(({ key }) => items !== undefined || !['id', 'Id', 'name', 'Name'].includes(key));
    return this.merged(own.map((entry) => this.field(id, entry)));
  }

  /** `{ key, stringValue }` and `{ key, refValue }`. */
  private pair(id: string, item: Tree): TreeEntry[] {
    const key = entryOf(item, 'key', 'Key')?.value;
    const text = entryOf(item, 'stringValue', 'StringValue')?.value;
    const ref = entryOf(item, 'refValue', 'RefValue');
    if (key?.kind === 'text' && ref) return [{ key: key.text, at: item.at, value: { kind: 'map', at: item.at, entries: [{ ...ref, key: 'ref' }] } }];
    if (key?.kind === 'text' && text) return [{ key: key.text, at: item.at, value: text }];
    this.error(item, 'a field is { "key": ..., "stringValue": ... } or { "key": ..., "refValue": ... }', id);
    return [];
  }

  private field(object: string, { key, value, at }: TreeEntry): DefinitionField {
    const items = value.kind === 'list' ? value.items : [value];
    return { name: key, values: items.flatMap((item) => this.value(object, key, item)), list: value.kind === 'list', at };
  }

  private value(object: string, field: string, tree: Tree): FieldValue[] {
    if (tree.kind === 'text') return [tree.text];
    if (tree.kind === 'null') return [];
    const ref = entryOf(tree, 'ref', 'Ref')?.value;
    if (ref?.kind === 'text') return [{ ref: ref.text }];
    this.problems.push({ severity: 'error', object, field, at: tree.at, message: 'is neither a text, a number, true, false, { "ref": "<id>" } nor a list of those' });
    return [];
  }

  /** A key that comes again adds its values. */
  private merged(fields: readonly DefinitionField[]): DefinitionField[] {
    const byName = new Map<string, DefinitionField>();
    for (const field of fields) {
      const known = byName.get(field.name);
      byName.set(field.name, known ? { ...known, values: [...known.values, ...field.values], list: true } : field);
    }
    return [...byName.values()];
  }

  private parameterValue(item: Tree): TreeEntry[] {
    const id = entryOf(item, 'id', 'Id')?.value;
    const value = entryOf(item, 'stringValue', 'StringValue');
    if (id?.kind === 'text' && value) return [{ ...value, key: id.text }];
    this.error(item, 'a value of a parameter is { "id": ..., "stringValue": ... }');
    return [];
  }

  private unique(what: string, all: ReadonlyArray<{ id: string; at?: Tree['at'] }>): void {
    const seen = new Set<string>();
    for (const { id, at } of all) {
      if (seen.has(id)) this.problems.push({ severity: 'error', object: id, at, message: `is the id of two ${what}s; give each its own` });
      seen.add(id);
    }
  }

  private error({ at }: Tree, message: string, object?: string): void {
    this.problems.push({ severity: 'error', object, at, message });
  }
}
