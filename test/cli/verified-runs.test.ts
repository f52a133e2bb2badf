import { verifiedRuns } from '../../cli/verified-runs';
import { RateTiming, Timing } from '../../src/contract/calendar';
import { PlanDocument, PlanRecord } from '../../src/contract/plan';

const HOUR = 3_600_000;
const DEPLOYED = Date.parse('2026-12-01T01:00:00Z');
const every = (hours: number, range: Partial<RateTiming> = {}): RateTiming => (
  { kind: 'rate', scheduleType: 'cron', period: hours * HOUR, startDateTime: '2026-01-01T00:00:00Z', ...range });
const extract: PlanRecord = { kind: 'unit', id: 'Extract' };
const report: PlanRecord = { kind: 'series', children: [{ ...extract, elsewhere: 'default' }, { kind: 'unit', id: 'Report' }] };

function verified(own: Timing, other: Timing) {
  const plans: PlanDocument[] = [
    { pipeline: 'p', schedule: 'default', timing: own, plan: extract }, { pipeline: 'p', schedule: 'other', timing: other, plan: report },
  ];
  const { runs, finished } = verifiedRuns(plans, DEPLOYED);
  return { runs: runs.map(({ name }) => name), finished: finished.map(({ activity, start }) => `${activity} ${start}`) };
}

test('a pipeline with one schedule has one run, on demand too', () => {
  const [plan] = [{ pipeline: 'p', schedule: 'default', timing: { kind: 'onDemand' }, plan: extract }] as const;
  expect(verifiedRuns([plan], DEPLOYED)).toMatchObject({ runs: [{ schedule: 'default', name: '2026-12-01T00-00-00Z' }], finished: [] });
});

test('an interval of the longest schedule and the last two in it; the others have finished', () => {
  expect(verified(every(6), every(24))).toEqual({
    runs: ['2026-12-01T12-00-00Z', '2026-12-01T18-00-00Z', 'other-2026-12-01T00-00-00Z'],
    finished: ['Extract 2026-12-01T00:00:00Z', 'Extract 2026-12-01T06:00:00Z'],
  });
});

test('what an interval at the edge waits for beyond has finished', () => {
  expect(verified(every(24), every(5, { startDateTime: '2026-12-01T00:00:00Z' }))).toEqual({
    runs: ['2026-12-01T00-00-00Z', 'other-2026-12-01T15-00-00Z', 'other-2026-12-01T20-00-00Z'], finished: ['Extract 2026-12-02T00:00:00Z'],
  });
});

test('a schedule that has ended long before is run as it was, and one without a start from its deployment on', () => {
  expect(verified(every(6, { occurrences: 2 }), every(24, { startDateTime: undefined }))).toEqual({
    runs: ['2026-01-01T00-00-00Z', 'other-2026-12-01T01-00-00Z'], finished: [],
  });
});
