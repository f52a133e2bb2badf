import { accessLog, Hit, lineOf } from '../../examples/hourly-log-etl/logs';

const HOUR = new Date('2026-12-01T08:00:00Z');

const HIT: Hit = {
  time: Date.parse('2026-12-01T08:15:59.750Z'),
  host: '203.0.113.7',
  user: 'alice',
  method: 'GET',
  target: '/compare/1,2,3?q=tea',
  status: 200,
  bytes: 512,
  referrer: '-',
  agent: 'Bot \\"quoted\\" 1.0',
};

test('a line is of the combined log format', () => {
  expect(lineOf(HIT)).toBe('203.0.113.7 - alice [01/Dec/2026:08:15:59 +0000] "GET /compare/1,2,3?q=tea HTTP/1.1" 200 512 "-" "Bot \\"quoted\\" 1.0"');
  expect(lineOf({ ...HIT, user: '-', status: 304, bytes: undefined, agent: '-' }))
    .toBe('203.0.113.7 - - [01/Dec/2026:08:15:59 +0000] "GET /compare/1,2,3?q=tea HTTP/1.1" 304 - "-" "-"');
});

describe('a log', () => {
  const { hits, lines } = accessLog(HOUR, 1);

  test('is the same each time for the same seed and hour, and another for others', () => {
    expect(accessLog(HOUR, 1).lines).toEqual(lines);
    expect(accessLog(HOUR, 2).lines).not.toEqual(lines);
    expect(accessLog(new Date('2026-12-01T09:00:00Z'), 1).hits.map(({ target }) => target)).not.toEqual(hits.map(({ target }) => target));
  });

  test('holds its hour, in the order of time', () => {
    expect(hits).toHaveLength(3000);
    const times = hits.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(HOUR.getTime());
    expect(times.at(-1)).toBeLessThan(HOUR.getTime() + 3_600_000);
  });

  test('has every hit as a line, and malformed ones of all kinds between', () => {
    const wellFormed = new Set(hits.map(lineOf));
    expect(lines.filter(line => wellFormed.has(line))).toEqual(hits.map(lineOf));
    const malformed = lines.filter(line => !wellFormed.has(line));
    expect(malformed.length).toBeGreaterThan(100);
    for (const kind of [/^[^"]*$/, /^$/, /rotated/, / OK /, /Foo/, /\\x16/, /\[-\]/, /HTTP\/1\.1 \d/, /HTTP.*HTTP/]) expect(malformed).toContainEqual(expect.stringMatching(kind));
  });

  test('has what makes parsers stumble', () => {
    const targets = hits.map(({ target }) => target);
    for (const hard of ['%C3%84', '%E8%8C%B6', ',', "'", '%22', ';', '%25', '?']) expect(targets).toContainEqual(expect.stringContaining(hard));
    expect(hits.some(({ bytes }) => bytes === undefined)).toBe(true);
  });
});
