import { Hit } from '../logs';

/** A row of the table that the pipeline loads. */
export interface PageHits {
  /** `2026-12-01 08:00:00` */
  readonly hour: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requests: number;
  readonly bytes: number;
}

/** What the requests amount to: computed here from what the generator meant, not from the lines that it wrote. */
export function expectedHits(hits: readonly Hit[]): PageHits[] {
  const rows = new Map<string, PageHits>();
  for (const { time, method, target, status, bytes = 0 } of hits) {
    const row = { hour: `${new Date(time).toISOString().slice(0, 13).replace('T', ' ')}:00:00`, method, path: target.split('?')[0], status };
    const { requests, bytes: sum } = rows.get(keyOf(row)) ?? { requests: 0, bytes: 0 };
    rows.set(keyOf(row), { ...row, requests: requests + 1, bytes: sum + bytes });
  }
  return [...rows.values()];
}

/** In words, how the rows that were loaded differ from the ones expected. */
export function differences(expected: readonly PageHits[], loaded: readonly PageHits[]): string[] {
  const left = new Map(expected.map((row) => [keyOf(row), row]));
  const problems: string[] = [];
  for (const row of loaded) {
    const wanted = left.get(keyOf(row));
    left.delete(keyOf(row));
    if (!wanted) problems.push(`row ${shown(row)} is not implied by the logs, or was loaded twice`);
    else if (shown(wanted) !== shown(row)) problems.push(`row ${shown(row)} should be ${shown(wanted)}`);
  }
  return [...problems, ...[...left.values()].map((row) => `row ${shown(row)} was not loaded`)];
}

function keyOf({ hour, method, path, status }: Pick<PageHits, 'hour' | 'method' | 'path' | 'status'>): string {
  return JSON.stringify([hour, method, path, status]);
}

function shown({ hour, method, path, status, requests, bytes }: PageHits): string {
  return `(${[hour, method, path, status, requests, bytes].join(', ')})`;
}
