import { differences, expectedHits, PageHits } from '../../examples/hourly-log-etl/demo/page-hits';
import { Hit } from '../../examples/hourly-log-etl/logs';

function hit(time: string, target: string, changes: Partial<Hit> = {}): Hit {
  return { time: Date.parse(time), host: '203.0.113.7', user: '-', method: 'GET', target, status: 200, bytes: 10, referrer: '-', agent: '-', ...changes };
}

const ROW: PageHits = { hour: '2026-12-01 08:00:00', method: 'GET', path: '/a', status: 200, requests: 2, bytes: 30 };

test('requests are counted by hour, method, path without its query, and status', () => {
  expect(expectedHits([
    hit('2026-12-01T08:00:00Z', '/a'),
    hit('2026-12-01T08:59:59.999Z', '/a?x=1', { bytes: 20 }),
    hit('2026-12-01T09:00:00Z', '/a'),
    hit('2026-12-01T08:30:00Z', '/a', { method: 'HEAD', bytes: undefined }),
    hit('2026-12-01T08:30:00Z', '/a', { status: 404 }),
    hit('2026-12-01T08:30:00Z', '/a,b'),
  ])).toEqual([
    ROW,
    { ...ROW, hour: '2026-12-01 09:00:00', requests: 1, bytes: 10 },
    { ...ROW, method: 'HEAD', requests: 1, bytes: 0 },
    { ...ROW, status: 404, requests: 1, bytes: 10 },
    { ...ROW, path: '/a,b', requests: 1, bytes: 10 },
  ]);
});

describe('differences', () => {
  const other = { ...ROW, path: '/b' };

  test('are none where the rows are the same, in any order', () => {
    expect(differences([ROW, other], [other, ROW])).toEqual([]);
  });

  test.each<[string, PageHits[], string]>([
    ['a row that is missing', [ROW], 'row (2026-12-01 08:00:00, GET, /b, 200, 2, 30) was not loaded'],
    ['a row that is loaded twice', [ROW, other, ROW], 'row (2026-12-01 08:00:00, GET, /a, 200, 2, 30) is not implied by the logs, or was loaded twice'],
    ['a count that is wrong', [{ ...ROW, bytes: 31 }, other], 'row (2026-12-01 08:00:00, GET, /a, 200, 2, 31) should be (2026-12-01 08:00:00, GET, /a, 200, 2, 30)'],
  ])('name %s', (_, loaded, problem) => {
    expect(differences([ROW, other], loaded)).toEqual([problem]);
  });
});
