import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPTS = join(__dirname, '../../examples/hourly-log-etl/streaming');

function awk(script: string, lines: readonly string[]): { readonly output: string[]; readonly malformed: number } {
  const { stdout, stderr, status } = spawnSync('awk', ['-f', join(SCRIPTS, script)], { input: lines.map(line => `${line}\n`).join(''), encoding: 'utf8' });
  expect(status).toBe(0);
  return { output: stdout.split('\n').slice(0, -1), malformed: stderr.split('reporter:counter:logs,malformed,1\n').length - 1 };
}

const START = '203.0.113.7 - - [01/Dec/2026:08:15:59 +0000]';

test.each([
  ['a plain line', `${START} "GET /cart HTTP/1.1" 200 512 "-" "curl/8.5.0"`, '2026-12-01 08:00:00,GET,"/cart",200\t512'],
  ['no bytes', `${START} "HEAD / HTTP/1.1" 304 - "-" "-"`, '2026-12-01 08:00:00,HEAD,"/",304\t0'],
  ['a query', `${START} "GET /search?q=a,b HTTP/2.0" 200 1 "-" "-"`, '2026-12-01 08:00:00,GET,"/search",200\t1'],
  ['commas, quotes and percents', `${START} "GET /a,b/o'c/%22/%C3%84 HTTP/1.1" 200 1 "-" "-"`, '2026-12-01 08:00:00,GET,"/a,b/o\'c/%22/%C3%84",200\t1'],
  ['escaped quotes in the agent', `${START} "GET / HTTP/1.1" 200 1 "-" "a \\"b\\" c"`, '2026-12-01 08:00:00,GET,"/",200\t1'],
  ['escaped backslashes', `${START} "GET / HTTP/1.1" 200 1 "\\\\" "C:\\\\"`, '2026-12-01 08:00:00,GET,"/",200\t1'],
])('the mapper takes %s', (_, line, expected) => {
  expect(awk('mapper.awk', [line])).toEqual({ output: [expected], malformed: 0 });
});

test.each([
  ['an empty line', ''],
  ['a line that was cut', `${START} "GE`],
  ['a request without its end', `${START} "GET / HTTP/1.1 200 512 "-" "-"`],
  ['a status that is none', `${START} "GET / HTTP/1.1" OK 512 "-" "-"`],
  ['a month that is none', '203.0.113.7 - - [01/Foo/2026:08:15:59 +0000] "GET / HTTP/1.1" 200 512 "-" "-"'],
  ['a request that is none', `${START} "\\x16\\x03\\x01" 400 226 "-" "-"`],
  ['no time', '203.0.113.7 - - [-] "GET / HTTP/1.1" 200 512 "-" "-"'],
  ['two lines in one', `${START} "GET / HTTP/1.1" 200 5 "-" "-"${START} "GET / HTTP/1.1" 200 5 "-" "-"`],
  ['a path with a bare quote', `${START} "GET /a"b HTTP/1.1" 200 5 "-" "-"`],
])('the mapper counts %s as malformed', (_, line) => {
  expect(awk('mapper.awk', [line])).toEqual({ output: [], malformed: 1 });
});

test('the reducer adds up what has the same key', () => {
  const { output } = awk('reducer.awk', ['a\t1', 'a\t2', 'b\t0', 'c\t2147483647', 'c\t2147483647']);
  expect(output).toEqual(['a\t2,3', 'b\t1,0', 'c\t2,4294967294']);
});
