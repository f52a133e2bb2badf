import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptOf, lengthOf, LogFile, removeLog } from '../../task-runner/log-file';

const BOUNDS = { first: 10, piece: 5 };
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-file-test-'));
  file = join(directory, 'stdout');
});
afterEach(() => rmSync(directory, { recursive: true }));

async function kept(): Promise<string> {
  let text = '';
  for await (const chunk of keptOf(file)) text += chunk.toString();
  return text;
}

const onDisk = () => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
const digits = (length: number) => Array.from({ length }, (_, index) => String(index % 10)).join('');

test.each([1, 3, 7, 100])('keeps the first and the last part, written %d bytes at a time', async (size) => {
  const log = new LogFile(file, BOUNDS);
  for (let length = 0; length < 137;) {
    const more = digits(137).slice(length, length += size);
    log.write(more);
    expect(onDisk()).toBeLessThanOrEqual(20);
    const written = Math.min(length, 137);
    expect(lengthOf(file)).toBe(written);
    const [first, gap = '0', last = ''] = (await kept()).split(/\n\[(\d+) bytes of this log were left out here\]\n/);
    expect(first.length + Number(gap) + last.length).toBe(written);
    expect([first, last]).toEqual([digits(written).slice(0, first.length), digits(written).slice(written - last.length)]);
    if (written > 20) expect([first.length, last.length > 5]).toEqual([10, true]);
    else expect(first.length).toBe(written);
  }
  log.close();
});

test('what the disk does not take is a gap, and the rest is kept', async () => {
  symlinkSync('/dev/full', file);
  const log = new LogFile(file);
  log.write('lost');
  log.write('kept ');
  log.write('too');
  rmSync(file);
  expect(await kept()).toBe('\n[4 bytes of this log were left out here]\nkept too');
  expect(log.tail).toBe('lostkept too');
});

test('its end is cut at a character', () => {
  const log = new LogFile(file);
  log.write(`x${'\u00e9'.repeat(2000)}y`);
  expect(log.tail).toBe(`${'\u00e9'.repeat(1023)}y`);
});

test('a piece that goes while it is read is a gap', async () => {
  const log = new LogFile(file, BOUNDS);
  log.write(digits(20));
  const reading = keptOf(file);
  expect(String((await reading.next()).value)).toBe(digits(10));
  log.write(digits(20));
  const rest = [];
  for await (const chunk of reading) rest.push(chunk.toString());
  expect(rest).toEqual([]);
  expect(await kept()).toBe(`${digits(10)}\n[20 bytes of this log were left out here]\n${digits(10)}`);
});

test('nothing is there before something is written, and after it is removed', async () => {
  new LogFile(file).close();
  expect([lengthOf(file), await kept(), existsSync(file)]).toEqual([0, '', false]);
  const log = new LogFile(file, BOUNDS);
  log.write(digits(30));
  expect(readFileSync(file, 'utf8')).toBe(digits(10));
  removeLog(file);
  expect(readdirSync(directory)).toEqual([]);
});
