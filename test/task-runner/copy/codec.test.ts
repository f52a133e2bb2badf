import fc from 'fast-check';
import { Row, slowParse } from './slow-codec';
import { DelimitedFormat } from '../../../src/contract/copy';
import { Records, rowsOf } from '../../../task-runner/copy/batch';
import { bytesOf, Chunks, Content, Format, recordsOf } from '../../../task-runner/copy/content';

const CSV: DelimitedFormat = { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' };
const ESCAPED_CSV: DelimitedFormat = { ...CSV, escapeChar: '\\' };
const TSV: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n' };
const ESCAPED_TSV: DelimitedFormat = { ...TSV, escapeChar: '\\' };
const TILDE: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '|', recordSeparator: ';', escapeChar: '~' };
const FORMATS = [CSV, ESCAPED_CSV, { ...CSV, escapeChar: '"' }, TSV, ESCAPED_TSV, TILDE];

async function* inPieces(data: Buffer, sizes: readonly number[]): Chunks {
  for (let at = 0, turn = 0; at < data.length; turn += 1) {
    const size = sizes.length === 0 ? data.length : sizes[turn % sizes.length];
    yield data.subarray(at, at += size);
  }
}

async function* rowBatches(rows: readonly Row[]): AsyncGenerator<Records> {
  for (const row of rows) yield recordsFrom(row);
}

function recordsFrom(row: Row): Records {
  const values = row.map((value) => Buffer.from(value ?? ''));
  const ends = values.map((_, index) => Buffer.concat(values.slice(0, index + 1)).length);
  return {
    bytes: Buffer.concat(values),
    starts: Int32Array.from(ends.map((end, index) => end - values[index].length)),
    ends: Int32Array.from(ends.map((end, index) => (row[index] === null ? -1 : end))),
    lasts: Int32Array.of(row.length),
    count: 1,
  };
}

async function rowsIn(content: Content): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const records of recordsOf(content)) {
    for (const row of rowsOf(records)) rows.push(row.map((value) => value?.toString() ?? null));
  }
  return rows;
}

async function textOf(chunks: Chunks): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all).toString();
}

const parse = async (text: string, format: Format, ...sizes: number[]) => (
  rowsIn({ kind: 'bytes', format, chunks: inPieces(Buffer.from(text), sizes) })
);
const write = async (rows: readonly Row[], format: DelimitedFormat) => textOf(bytesOf({ kind: 'records', records: rowBatches(rows) }, format));

const character = fc.constantFrom('a', 'é', '😀', ',', '"', '\n', '\r', '\t', '\\', 'N', '|', ';', '~', ' ', '\0');
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });

test('parses what the slow parser does, and refuses what it refuses, wherever the data is cut', async () => {
  const text = fc.array(character, { maxLength: 40 }).map((characters) => characters.join(''));
  await fc.assert(fc.asyncProperty(text, sizes, fc.constantFrom(...FORMATS), async (data, cuts, format) => {
    const [expected, got] = await Promise.all([settled(async () => slowParse(data, format)), settled(async () => parse(data, format, ...cuts))]);
    expect(got).toEqual(expected);
  }), { numRuns: 3000 });
});

async function settled(parsing: () => Promise<Row[]>): Promise<Row[] | 'refused'> {
  return parsing().catch(() => 'refused' as const);
}

test('writes what the slow parser reads back, from any format to any other', async () => {
  const value = fc.option(fc.array(character, { maxLength: 6 }).map((characters) => characters.join('')));
  const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
  const able = fc.constantFrom(...FORMATS.filter((format) => format !== TSV));
  await fc.assert(fc.asyncProperty(rows, able, able, sizes, async (data, from, to, cuts) => {
    const text = await write(data, from);
    expect(slowParse(text, from)).toEqual(data);
    const recoded = await textOf(bytesOf({ kind: 'bytes', format: from, chunks: inPieces(Buffer.from(text), cuts) }, to));
    expect(slowParse(recoded, to)).toEqual(data);
  }), { numRuns: 1000 });
});

test('what databases read and write comes back', async () => {
  const rows: Row[] = [['a\tb\nc\rd\\e', null, '', '\\N', 'N', '\\n', 'é\u0001']];
  const text = await textOf(bytesOf({ kind: 'records', records: rowBatches(rows) }, { kind: 'database' }));
  expect(text).toBe('a\\tb\\nc\\rd\\\\e\t\\N\t\t\\\\N\tN\t\\\\n\té\u0001\n');
  expect(await parse(text, { kind: 'database' }, 1)).toEqual(rows);
});

test('NULL and the empty text are told apart in every format', async () => {
  for (const format of FORMATS) expect(await parse(await write([[null, '', null]], format), format)).toEqual([[null, '', null]]);
  expect(await write([[null, '']], CSV)).toBe(',""\n');
  expect(await write([[null, '']], TSV)).toBe('\\N\t\n');
});

test('reads data of Windows, and quotes of the data itself', async () => {
  expect(await parse('a,"b"\r\n5" pipe,\r\n', CSV)).toEqual([['a', 'b'], ['5" pipe', null]]);
  expect(await parse('a\\\r\nb\\\\\r\n', ESCAPED_CSV, 1)).toEqual([['a\r'], ['b\\']]);
});

test('the last record needs no separator, and nothing is no record', async () => {
  expect(await parse('a,b\nc,', CSV, 1)).toEqual([['a', 'b'], ['c', null]]);
  expect(await parse('', CSV)).toEqual([]);
});

test.each<[string, string, DelimitedFormat, string]>([
  ['a quote that is not closed', 'a\n"b\n', CSV, 'record 2 has a quote that is not closed'],
  ['text after a quote', 'a\nb\n"c"d\n', CSV, 'record 3 has text after a closing quote'],
  ['an escape of nothing', 'a\\', ESCAPED_TSV, 'record 1 ends with its escape character'],
])('refuses %s', async (_, text, format, problem) => {
  await expect(parse(text, format, 2)).rejects.toThrow(problem);
});

test('does not write what would be read as something else', async () => {
  await expect(write([['a'], ['a\tb']], TSV)).rejects.toThrow('column 1 of record 2 has the separator "\\t", and the data format that is written has no escapeChar');
  await expect(write([['x', '\\N']], TSV)).rejects.toThrow('column 2 of record 1 has the text \\N, which means NULL');
});

test('a record of many pieces is not gone through for each of them', async () => {
  const long = 'x'.repeat(1_000_000);
  const started = process.cpuUsage();
  const [[value]] = await parse(`"${long}"\n`, CSV, 512);
  expect(value).toHaveLength(1_000_000);
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
});

test('bytes of the same format are not touched', () => {
  const chunks = inPieces(Buffer.from('not, even "CSV'), []);
  expect(bytesOf({ kind: 'bytes', format: CSV, chunks }, { ...CSV, escapeChar: '"' })).toBe(chunks);
  expect(bytesOf({ kind: 'bytes', chunks }, undefined)).toBe(chunks);
});

describe('a regular expression', () => {
  const LOG = { kind: 'regEx', inputRegEx: '(\\S+) "([^"]*)"(?: (\\d+))?' } as const;

  test('takes lines apart, and a format string puts them together', async () => {
    expect(await parse('a "é b" 1\nc ""\n', LOG, 1)).toEqual([['a', 'é b', '1'], ['c', '', null]]);
    const reversed = { ...LOG, outputFormat: '%3$s%% [%2$s] %s' };
    const chunks = inPieces(Buffer.from('a "b" 1\n'), []);
    expect(await textOf(bytesOf({ kind: 'bytes', format: LOG, chunks }, reversed))).toBe('1% [b] a\n');
  });

  test.each([
    ['a line that does not match', Buffer.from('a "b"\n"c"\n'), 'record 2 does not match inputRegEx: "\\"c\\""'],
    ['what is not UTF-8', Buffer.from([0xff, 0x0a]), 'record 1 is not UTF-8'],
  ])('refuses %s', async (_, data, problem) => {
    await expect(rowsIn({ kind: 'bytes', format: LOG, chunks: inPieces(data, []) })).rejects.toThrow(problem);
  });

  test('does not write two lines for one record, or columns that are not there', async () => {
    const put = async (outputFormat: string) => textOf(bytesOf({ kind: 'records', records: rowBatches([['a\nb']]) }, { ...LOG, outputFormat }));
    await expect(put('%1$s')).rejects.toThrow('record 1 has a value with a newline');
    await expect(put('%2$s')).rejects.toThrow('record 1 has 1 columns, and outputFormat asks for column 2');
  });
});
