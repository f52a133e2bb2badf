import { PassState } from '../definition';
import { Departure, Visit } from '../visit';

export function runPass(visit: Visit<PassState>): Departure | Promise<Departure> {
  return visit.exit(visit.state, visit.input);
}
