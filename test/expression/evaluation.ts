import fc from 'fast-check';
import jsonata from 'jsonata';
import { zoneTables } from '../../lambda/calendar/zone-tables';
import { ExpressionScope, Resolved } from '../../src/expression/evaluate';
import { parseTemplate } from '../../src/expression/parser';
import { renderTemplate } from '../../src/expression/render';

/** A value of a scope, as the cases write it. */
export type CaseValue = string | number | { readonly date: string };
export type CaseScope = Readonly<Record<string, CaseValue>>;

/** Everything known at synth. */
export function folded(text: string, scope: CaseScope = {}): string {
  const rendered = renderTemplate(parseTemplate(text), new FoldingScope(scope), neverCalled);
  if (rendered.kind !== 'constant') throw new Error(`not folded: ${rendered.text}`);
  return rendered.text;
}

/** Everything known to the run only. */
export async function atRunTime(text: string, scope: CaseScope = {}): Promise<unknown> {
  const run = new RunScope(scope);
  const rendered = renderTemplate(parseTemplate(text), run, neverCalled);
  return rendered.kind === 'constant' ? rendered.text : evaluateJsonata(rendered.text, { ...bindings(scope), zones: tablesOf(run.zones) });
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
    if (value === undefined) return undefined;
    return { kind: 'value', value: typeof value === 'object' ? new Date(value.date) : value };
  }
}

/** The names become variables `$v0`, `$v1`, ... */
class RunScope implements ExpressionScope {
  readonly zones = new Set<string>();

  constructor(private readonly values: CaseScope) {}

  zone(name: string): string {
    this.zones.add(name);
    return `$lookup($zones, ${JSON.stringify(name)})`;
  }

  resolve({ path }: { readonly path: readonly string[] }): Resolved | undefined {
    const index = Object.keys(this.values).indexOf(path.join('.'));
    if (index < 0) return undefined;
    return { kind: 'jsonata', text: `$v${index}`, type: typeOf(Object.values(this.values)[index]) };
  }
}

function typeOf(value: CaseValue): 'date' | 'integer' | 'number' | 'string' {
  if (typeof value === 'object') return 'date';
  if (typeof value === 'string') return 'string';
  return Number.isInteger(value) ? 'integer' : 'number';
}

function bindings(scope: CaseScope): Record<string, unknown> {
  return Object.fromEntries(Object.values(scope).map((value, index) => [`v${index}`, typeof value === 'object' ? value.date : value]));
}
