import { PageHits } from './page-hits';
import { hourOf, timeOf } from './progress';
import { ObjectResult, RunResult } from '../../../src/contract/run';

/** A table of what became of each object. */
export function objectsTable(results: readonly RunResult[]): string {
  const rows = results.flatMap(({ run, objects }) => Object.entries(objects).map(([id, result]) => [hourOf(run), id, ...cells(result)]));
  return table(['run', 'object', 'status', 'attempts', 'start', 'duration'], rows);
}

/** How many rows each hour has, and the first few. */
export function hitsTables(rows: readonly PageHits[]): string {
  const hours = [...new Set(rows.map(({ hour }) => hour))];
  const counts = hours.map((hour) => {
    const own = rows.filter((row) => row.hour === hour);
    return [hour, String(own.length), String(own.reduce((sum, { requests }) => sum + requests, 0))];
  });
  const sample = hours.flatMap((hour) => rows.filter((row) => row.hour === hour).slice(0, 3));
  const columns = ['hour', 'method', 'path', 'status', 'requests', 'bytes'] as const;
  return `${table(['hour', 'rows', 'requests'], counts)}\n\n${table(columns, sample.map((row) => columns.map((column) => String(row[column]))))}`;
}

function cells({ status, attempts, startTime, endTime }: ObjectResult): string[] {
  const [start, end] = [startTime, endTime].map((time) => (time === undefined ? NaN : Date.parse(time)));
  return [status, String(attempts), isNaN(start) ? '-' : timeOf(start), isNaN(end - start) ? '-' : `${((end - start) / 1000).toFixed(1)} s`];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
