import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DelimitedFormat, FilesEnd } from '../src/contract/copy';
import { copyFiles } from '../task-runner/copy/copy-files';
import { Stores } from '../task-runner/copy/files';

const CSV: DelimitedFormat = { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' };
const TSV: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n', escapeChar: '\\' };
const RECORD = '12345,2026-11-21T10:00:00Z,"Smith, John",GET /index.html,200,12.50,,some longer text that is plain\n';
const OUTPUTS: ReadonlyArray<readonly [name: string, change: Partial<FilesEnd>]> = [
  ['CSV as it is', { format: CSV }], ['CSV to CSV with an escapeChar', { format: { ...CSV, escapeChar: '\\' } }], ['CSV to TSV', { format: TSV }],
  ['CSV to CSV, gzip', { format: CSV, compression: 'gzip' }],
];

export interface CopySpeed {
  readonly copy: string;
  readonly megabytesPerSecond: number;
}

/** Files of a host copied by Task Runner, the best of three: the first is the plain copy that the others are compared with. */
export async function copySpeeds(megabytes: number): Promise<CopySpeed[]> {
  const directory = mkdtempSync(join(tmpdir(), 'copies-'));
  try {
    const data = RECORD.repeat(Math.ceil(megabytes * 1e6 / RECORD.length));
    writeFileSync(join(directory, 'in'), data);
    const end = (name: string, more: Partial<FilesEnd>): FilesEnd => (
      { kind: 'files', object: name, uri: `file://${directory}/${name}`, manifest: false, compression: 'none', format: CSV, ...more }
    );
    const speeds: CopySpeed[] = [];
    for (const [copy, change] of OUTPUTS) {
      const seconds = await best(async () => copyFiles(end('in', {}), end('out', change), ON_HOST, new AbortController().signal));
      speeds.push({ copy, megabytesPerSecond: data.length / 1e6 / seconds });
    }
    return speeds;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const ON_HOST = {} as Stores;

async function best(work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const started = performance.now();
    await work();
    seconds.push((performance.now() - started) / 1000);
  }
  return Math.min(...seconds);
}
