import { InvalidInput } from './starter-input';
import { intervalsOf } from '../../src/calendar/intervals';
import { CoveringAnswer, CoveringRequest, MOST_COVERING } from '../../src/contract/calendar';
import { isoTime } from '../../src/contract/run';

/** The intervals of a schedule that have a part in another interval. @throws InvalidInput if there are more than a run can wait for */
export function covering({ schedule, from, to }: CoveringRequest): CoveringAnswer {
  const covered = { start: Date.parse(from), end: Date.parse(to) };
  const starts: string[] = [];
  for (const { start } of intervalsOf(schedule)?.meeting(covered) ?? []) {
    starts.push(isoTime(start));
    if (starts.length > MOST_COVERING) throw new InvalidInput(`More than ${MOST_COVERING} intervals lie between ${from} and ${to}: a run cannot wait for so many`);
  }
  return { starts };
}
