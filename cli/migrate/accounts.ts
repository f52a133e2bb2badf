/** Accounting for every field: what became of it, and that none is missing. */
import { allCodes } from './code-tree';
import { Entry, Fate, PlannedPipeline } from '../../src/definition/code';
import { Definition } from '../../src/definition/definition';
import { isSecretName, shown } from '../../src/definition/secrets';

/** An object and a field, or a parameter and an attribute. */
interface Place {
  readonly object: string;
  readonly field: string;
}

export interface Accounts {
  readonly entries: readonly Entry[];
  readonly counts: Readonly<Record<Fate, number>>;
  /** How many fields, names, attributes and values the definition has. */
  readonly given: number;
  /** What the definition has and no entry tells of. */
  readonly unlisted: readonly Place[];
}

export function accountsOf(definition: Definition, plan: PlannedPipeline): Accounts {
  const entries = [...plan.entries, ...valueEntries(definition, plan)].sort(inFile);
  const listed = new Set(entries.map(keyOf));
  const places = placesOf(definition);
  const count = (fate: Fate) => entries.filter((entry) => entry.fate === fate).length;
  return {
    entries,
    counts: { 'kept': count('kept'), 'changed': count('changed'), 'not possible': count('not possible') },
    given: places.length,
    unlisted: places.filter((place) => !listed.has(keyOf(place))),
  };
}

/** Those of no known place come last. */
function inFile({ at: a }: Entry, { at: b }: Entry): number {
  return (a?.line ?? Infinity) - (b?.line ?? Infinity) || (a?.column ?? 0) - (b?.column ?? 0) || 0;
}

/** All that a definition says, from the definition itself. */
function placesOf({ objects, parameters, values }: Definition): Place[] {
  const all = [
    ...objects.flatMap(({ id, name }) => name === undefined ? [] : [{ object: id, field: 'name' }]),
    ...objects.flatMap(({ id, fields }) => fields.map((field) => ({ object: id, field: field.name }))),
    ...parameters.flatMap(({ id, attributes }) => attributes.map(({ name }) => ({ object: id, field: name }))),
    ...[...values.keys()].map((id) => ({ object: id, field: VALUE })),
  ];
  return [...new Map(all.map((place) => [keyOf(place), place])).values()];
}

const VALUE = 'value';

/** Values of parameters go into the app as defaults of its props. */
function valueEntries({ values }: Definition, plan: PlannedPipeline): Entry[] {
  const parameters = new Set(plan.parameters.map(({ name }) => name));
  const inProps = new Set(allCodes(plan).flatMap((each) => each.kind === 'parameter' ? [each.name] : []));
  const isUsed = (name: string) => parameters.has(name) || inProps.has(name);
  return [...values].map(([object, its]) => ({ object, field: VALUE, given: shown(object, its), ...fateOf(object, isUsed(object)) }));
}

function fateOf(name: string, used: boolean): Pick<Entry, 'fate' | 'to' | 'why'> {
  if (isSecretName(name)) return { fate: 'changed', to: 'a secret', why: 'A secret of AWS Secrets Manager holds the value.' };
  return used ? { fate: 'kept', to: 'the default of a prop of the stack' } : { fate: 'changed', to: 'left out', why: 'Nothing that runs looks it up.' };
}

function keyOf({ object, field }: Place): string {
  return JSON.stringify([object, field]);
}
