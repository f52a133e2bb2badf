/**
 * Objects with the fields that they inherit: from their parents, however deep. What has no type is no object of the pipeline, but others
 * inherit from it; what `Default` has, all inherit, but that is the mapping's to say, since most of it is the pipeline's here.
 */
import type { Definition, DefinitionField, DefinitionObject, Position } from './definition';
import { isReference } from './definition';
import type { Problem } from './problem';

/** A field, and which object wrote it. */
export interface ResolvedField extends DefinitionField {
  readonly from: string;
}

export interface ResolvedObject {
  readonly id: string;
  /** None of what only gives fields to others. */
  readonly type?: string;
  readonly name?: string;
  readonly fields: ReadonlyMap<string, ResolvedField>;
  readonly at?: Position;
}

export interface Resolved {
  /** The first is `Default`, whether the definition has one or not. */
  readonly defaults: ResolvedObject;
  readonly objects: readonly ResolvedObject[];
}

const DEFAULT = 'Default';
/** They are the object's own. */
const OWN = ['parent'];

export function resolve({ objects }: Definition, problems: Problem[]): Resolved {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const all = [...byId.values()].map((object) => inherited(object, byId, problems));
  const defaults = all.find(({ id, type }) => id === DEFAULT || type?.toLowerCase() === 'default');
  return {
    defaults: defaults ?? { id: DEFAULT, fields: new Map() },
    objects: all.filter((object) => object !== defaults),
  };
}

function inherited(object: DefinitionObject, byId: ReadonlyMap<string, DefinitionObject>, problems: Problem[]): ResolvedObject {
  const line = lineage(object, byId, problems);
  const fields = new Map<string, ResolvedField>();
  for (const { id, fields: own } of [...line].reverse()) {
    for (const field of own) {
      if (!OWN.includes(field.name) || id === object.id) fields.set(field.name, { ...field, from: id });
    }
  }
  const type = fields.get('type')?.values[0];
  return { id: object.id, type: typeof type === 'string' ? type : undefined, name: object.name, fields, at: object.at };
}

/** The object, its parent, its parent's and so on. */
function lineage(object: DefinitionObject, byId: ReadonlyMap<string, DefinitionObject>, problems: Problem[]): DefinitionObject[] {
  const line = [object];
  for (let parent = parentOf(object, byId, problems); parent; parent = parentOf(parent, byId, [])) {
    if (line.includes(parent)) {
      problems.push({ severity: 'error', object: object.id, field: 'parent', at: object.at, message: `leads back to ${parent.id}; an object is no parent of its own` });
      return line;
    }
    line.push(parent);
  }
  return line;
}

function parentOf(object: DefinitionObject, byId: ReadonlyMap<string, DefinitionObject>, problems: Problem[]): DefinitionObject | undefined {
  const field = object.fields.find(({ name }) => name === 'parent');
  const value = field?.values[0];
  if (value === undefined) return undefined;
  const id = isReference(value) ? value.ref : value;
  if (id === DEFAULT) return undefined;
  const parent = byId.get(id);
  if (!parent) problems.push({ severity: 'error', object: object.id, field: 'parent', at: field?.at, message: `is an object of the definition; got: ${id}, which is none` });
  return parent;
}
