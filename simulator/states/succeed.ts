import { SucceedState } from '../definition';
import { Departure, Visit } from '../visit';

export function runSucceed(visit: Visit<SucceedState>): Departure | Promise<Departure> {
  return visit.exit({ Output: visit.state.Output }, visit.input);
}
