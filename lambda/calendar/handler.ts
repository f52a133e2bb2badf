import { intervalOf } from './interval';
import { TickAnswer, TickRequest } from '../../src/contract/calendar';
import { DocumentReader } from '../../src/contract/document';

export async function handler(event: unknown): Promise<TickAnswer> {
  return intervalOf(readTickRequest(event));
}

/** @throws InvalidDocument naming the field */
export function readTickRequest(event: unknown): TickRequest {
  const reader = new DocumentReader(event, 'tick request');
  const occurrences = reader.optionalCount('occurrences');
  if (occurrences !== undefined && !reader.has('startDateTime')) reader.refuse('startDateTime', 'given beside occurrences, which count from it');
  return {
    kind: reader.oneOf('kind', ['interval']),
    scheduledTime: reader.time('scheduledTime'),
    cron: reader.text('cron'),
    timeZone: reader.text('timeZone'),
    scheduleType: reader.oneOf('scheduleType', ['cron', 'timeseries']),
    startDateTime: reader.optionalTime('startDateTime'),
    endDateTime: reader.optionalTime('endDateTime'),
    occurrences,
  };
}
