import { WaitState } from '../definition';
import { Departure, Visit } from '../visit';

const OFFSET_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

export async function runWait(visit: Visit<WaitState>): Promise<Departure> {
  const { clock } = visit.thread.world;
  const until = await due(visit, clock.now());
  visit.thread.trail.begin();
  await clock.sleep(until - clock.now(), visit.thread.signal);
  return visit.exit(visit.state, visit.input);
}

async function due(visit: Visit<WaitState>, now: number): Promise<number> {
  const { Seconds: seconds, Timestamp: timestamp } = visit.state;
  if (timestamp === undefined) return now + (await visit.evaluateInteger('Seconds', seconds, 0) ?? 0) * 1000;
  const text = String(await visit.evaluateAs('string', 'Timestamp', timestamp));
  visit.thread.trail.begin();
  const time = OFFSET_DATE_TIME.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw visit.evaluationFailed(`The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`, 'Timestamp');
}
