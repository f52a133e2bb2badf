import fc from 'fast-check';
import jsonata from 'jsonata';
import { zoneTables } from '../../lambda/calendar/zone-tables';
import { ExpressionScope, Resolved } from '../../src/expression/evaluate';
import { parseTemplate } from '../../src/expression/parser';
import { renderTexts } from '../../src/expression/render';

/** A value of a scope, as the cases write it. */
export type CaseValue = OneValue | readonly OneValue[];
type OneValue = string | number | { readonly date: string };
export type CaseScope = Readonly<Record<string, CaseValue>>;

/** Everything known at synth. */
export function folded(text: string, scope: CaseScope = {}): string {
  return allFolded(text, scope)[0];
}

/** Where a name of the scope has several values. */
export function allFolded(text: string, scope: CaseScope): string[] {
  return renderTexts(parseTemplate(text), new FoldingScope(scope), neverCalled).map((rendered) => {
    if (rendered.kind !== 'constant') throw new Error(`not folded: ${rendered.text}`);
    return rendered.text;
  });
}

/** Everything known to the run only. */
export async function atRunTime(text: string, scope: CaseScope = {}): Promise<unknown> {
  return (await allAtRunTime(text, scope))[0];
}

export async function allAtRunTime(text: string, scope: CaseScope): Promise<unknown[]> {
  const run = new RunScope(scope);
  const texts = renderTexts(parseTemplate(text), run, neverCalled);
  const variables = { ...bindings(scope), zones: tablesOf(run.zones) };
  return Promise.all(texts.map((rendered) => rendered.kind === 'constant' ? rendered.text : evaluateJsonata(rendered.text, variables)));
}

/** With each list an array whose length only the run knows. */
export async function arraysAtRunTime(text: string, scope: CaseScope): Promise<unknown> {
  const [rendered, ...others] = renderTexts(parseTemplate(text), new ArrayScope(scope), neverCalled);
  expect([others, rendered]).toEqual([[], expect.objectContaining({ many: true })]);
  return evaluateJsonata(rendered.text, { ...bindings(scope), ...Object.fromEntries(Object.values(scope).map((value, index) => [`v${index}`, value])) });
}

/** As the calendar function answers; each zone once, since they are many. */
function tablesOf(zones: Iterable<string>): Record<string, unknown> {
  for (const zone of zones) TABLES[zone] ??= zoneTables({ kind: 'zones', zones: [zone] })[zone];
  return TABLES;
}

const TABLES: Record<string, unknown> = {};

export async function evaluateJsonata(text: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  return jsonata(text).evaluate(undefined, variables);
}

export function neverCalled(value: string): string {
  throw new Error(`there is no token in this text: ${value}`);
}

/** Milliseconds since 1970 in a range of times. */
export function dates(from: string, to: string): fc.Arbitrary<number> {
  return fc.integer({ min: Date.parse(from), max: Date.parse(to) });
}

class FoldingScope implements ExpressionScope {
  readonly zone = neverCalled;

  constructor(private readonly values: CaseScope) {}

  resolve({ path }: { readonly path: readonly string[] }): Resolved | undefined {
    const value = this.values[path.join('.')];
    return value === undefined ? undefined : listed(value, (each) => ({ kind: 'value', value: typeof each === 'object' ? new Date(each.date) : each }));
  }
}

/** The names become variables `$v0_0`, `$v1_0`, ... */
class RunScope implements ExpressionScope {
  readonly zones = new Set<string>();

  constructor(protected readonly values: CaseScope) {}

  zone(name: string): string {
    this.zones.add(name);
    return `$lookup($zones, ${JSON.stringify(name)})`;
  }

  resolve({ path }: { readonly path: readonly string[] }): Resolved | undefined {
    const name = path.join('.');
    const index = Object.keys(this.values).indexOf(name);
    return index < 0 ? undefined : listed(this.values[name], (each, item) => ({ kind: 'jsonata', text: `$v${index}_${item}`, type: typeOf(each) }));
  }
}

class ArrayScope extends RunScope {
  resolve(reference: { readonly path: readonly string[] }): Resolved | undefined {
    const name = reference.path.join('.');
    const value = this.values[name];
    if (!isList(value)) return super.resolve(reference);
    const type = typeOf(value[0]);
    if (type === 'date') throw new Error(`${name}: dates are no parameters`);
    return { kind: 'array', text: `$v${Object.keys(this.values).indexOf(name)}`, type };
  }
}

function listed(value: CaseValue, resolve: (each: OneValue, item: number) => Resolved): Resolved {
  return isList(value) ? { kind: 'list', items: value.map(resolve) } : resolve(value, 0);
}

export function isList(value: CaseValue): value is readonly OneValue[] {
  return Array.isArray(value);
}

function typeOf(value: OneValue): 'date' | 'integer' | 'number' | 'string' {
  if (typeof value === 'object') return 'date';
  if (typeof value === 'string') return 'string';
  return Number.isInteger(value) ? 'integer' : 'number';
}

function bindings(scope: CaseScope): Record<string, unknown> {
  return Object.fromEntries(Object.values(scope).flatMap((value, index) => (isList(value) ? value : [value])
    .map((each, item) => [`v${index}_${item}`, typeof each === 'object' ? each.date : each])));
}
