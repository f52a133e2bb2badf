import { Firings } from './firings';
import { Zone } from './zone';
import { TickAnswer, TickRequest } from '../../src/contract/calendar';
import { parseCron } from '../../src/contract/cron';
import { InvalidDocument } from '../../src/contract/document';

/**
 * The interval that a tick of a cron schedule belongs to. Intervals lie between one firing and the next, without gaps: `cron` style
 * runs an interval at its start, `timeseries` at its end. A tick that is to start nothing is not due, and says why.
 *
 * @throws InvalidDocument for an expression or zone that does not exist
 */
export function intervalOf(request: TickRequest): TickAnswer {
  const firings = firingsOf(request);
  const tick = Date.parse(request.scheduledTime);
  if (!firings.at(tick)) return notDue(`${iso(tick)} is no firing time of cron(${request.cron}) in ${request.timeZone}`);
  const [start, end] = request.scheduleType === 'cron' ? [tick, firings.next(tick)] : [firings.previous(tick), tick];
  if (start === undefined) return notDue(`cron(${request.cron}) did not fire before ${iso(tick)}, so that no interval ends there`);
  if (end === undefined) return notDue(`cron(${request.cron}) does not fire after ${iso(tick)}, so that no interval starts there`);
  const reason = outOfRange(request, start, firings);
  return reason === undefined ? { due: true, scheduledStartTime: iso(start), scheduledEndTime: iso(end) } : notDue(reason);
}

function outOfRange({ startDateTime, endDateTime, occurrences }: TickRequest, start: number, firings: Firings): string | undefined {
  if (startDateTime !== undefined && start < Date.parse(startDateTime)) return `${iso(start)} is before startDateTime ${startDateTime}`;
  if (endDateTime !== undefined && start >= Date.parse(endDateTime)) return `${iso(start)} is not before endDateTime ${endDateTime}`;
  if (occurrences === undefined || startDateTime === undefined) return undefined;
  return isWithin(occurrences, firings, Date.parse(startDateTime), start) ? undefined
    : `${iso(start)} comes after the first ${occurrences} occurrences since ${startDateTime}`;
}

/** Whether the interval from `start` is among the first `occurrences` from `begin`. */
function isWithin(occurrences: number, firings: Firings, begin: number, start: number): boolean {
  let last: number | undefined = begin - 1;
  for (let count = 0; count < occurrences && last !== undefined && last < start; count += 1) last = firings.next(last);
  return last === undefined || last >= start;
}

function firingsOf({ cron, timeZone }: TickRequest): Firings {
  const fields = attempt(() => parseCron(cron), 'cron');
  const zone = attempt(() => new Zone(timeZone), 'timeZone');
  return new Firings(fields, zone);
}

function attempt<T>(read: () => T, field: string): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidDocument('tick request', field, error instanceof Error ? error.message : String(error));
  }
}

function notDue(reason: string): TickAnswer {
  return { due: false, reason };
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
