import { FailState, Template } from '../definition';
import { FatalStateError, RUNTIME, StateError } from '../errors';
import { Departure, Visit } from '../visit';

const MAX_ERROR = 256;
const MAX_CAUSE = 32_768;

export async function runFail(visit: Visit<FailState>): Promise<Departure> {
  const error = await text(visit, 'Error', visit.state.Error, MAX_ERROR);
  const cause = await text(visit, 'Cause', visit.state.Cause, MAX_CAUSE);
  visit.thread.trail.begin();
  throw new StateError(error, cause);
}

async function text(visit: Visit<FailState>, field: string, template: Template | undefined, most: number): Promise<string | undefined> {
  if (template === undefined) return undefined;
  const value = String(await visit.evaluateAs('string', field, template));
  if (value.length <= most) return value;
  throw new FatalStateError(RUNTIME, visit.causeOf(`The ${field} field has ${value.length} characters; at most ${most} are allowed.`));
}
