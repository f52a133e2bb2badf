import { handler } from '../../../lambda/calendar/handler';
import { CoveringAnswer } from '../../../src/contract/calendar';

const START = '2026-12-01T00:00:00Z';
const rate = (minutes: number, more: object = {}) => ({ kind: 'rate', scheduleType: 'cron', startDateTime: START, period: minutes * 60_000, spacing: 60_000, ...more });
const cron = (expression: string, more: object = {}) => ({ kind: 'cron', scheduleType: 'cron', cron: expression, timeZone: 'Europe/Berlin', ...more });

async function covering(schedule: object, from: string, to: string): Promise<readonly string[]> {
  return (await handler({ kind: 'covering', schedule, from, to }) as CoveringAnswer).starts;
}

test.each<[string, object, string, string, string[]]>([
  ['those that lie in it', rate(480), '2026-12-02T00:00:00Z', '2026-12-03T00:00:00Z', ['2026-12-02T00:00:00Z', '2026-12-02T08:00:00Z', '2026-12-02T16:00:00Z']],
  ['the one that it lies in', rate(1440), '2026-12-02T05:00:00Z', '2026-12-02T06:00:00Z', ['2026-12-02T00:00:00Z']],
  ['those that reach into it from both sides', rate(420), '2026-12-02T00:00:00Z', '2026-12-02T06:00:00Z', ['2026-12-01T21:00:00Z', '2026-12-02T04:00:00Z']],
  ['not the one that ends where it begins', rate(60), '2026-12-02T00:00:00Z', '2026-12-02T01:00:00Z', ['2026-12-02T00:00:00Z']],
  ['none before the first', rate(60), '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z', []],
  ['none from the end on', rate(60, { endDateTime: '2026-12-01T02:00:00Z' }), START, '2026-12-02T00:00:00Z', [START, '2026-12-01T01:00:00Z']],
  ['none after as many as there are', cron('0 * * * ? *', { startDateTime: START, occurrences: 2 }), START, '2026-12-02T00:00:00Z', [START, '2026-12-01T01:00:00Z']],
  ['the day of a time zone', cron('0 0 * * ? *'), '2026-12-02T10:00:00Z', '2026-12-02T11:00:00Z', ['2026-12-01T23:00:00Z']],
  ['a month in which hours are put back', cron('0 0 1 * ? *'), '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z', ['2026-09-30T22:00:00Z']],
])('%s', async (_, schedule, from, to, starts) => {
  expect(await covering(schedule, from, to)).toEqual(starts);
});

test('more than a run can wait for are refused', async () => {
  expect(await covering(rate(1), START, '2026-12-02T01:00:00Z')).toHaveLength(1_500);
  await expect(covering(rate(1), START, '2026-12-02T01:01:00Z')).rejects.toMatchObject({
    name: 'DataPipeline.InvalidInput', message: 'More than 1500 intervals lie between 2026-12-01T00:00:00Z and 2026-12-02T01:01:00Z: a run cannot wait for so many',
  });
});
