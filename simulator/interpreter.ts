import { State, StateScope } from './definition';
import { runChoice } from './states/choice';
import { runFail } from './states/fail';
import { runMap } from './states/map';
import { runParallel } from './states/parallel';
import { runPass } from './states/pass';
import { runSucceed } from './states/succeed';
import { runTask } from './states/task';
import { runWait } from './states/wait';
import { Json } from './task';
import { Thread } from './thread';
import { Departure, Visit } from './visit';

export type ScopeRunner = (scope: StateScope, input: Json, thread: Thread) => Promise<Json>;

/** Leads a thread through a scope, from StartAt to the state that ends it, and returns that state's output. */
export async function runScope(scope: StateScope, input: Json, thread: Thread): Promise<Json> {
  let name = scope.StartAt;
  let payload = input;
  for (;;) {
    const departure = await visited(new Visit(thread, name, scope.States[name], payload));
    if (departure.next === undefined) return departure.output;
    name = departure.next;
    payload = departure.output;
  }
}

async function visited(visit: Visit): Promise<Departure> {
  try {
    const departure = await runState(visit);
    visit.thread.signal.throwIfAborted();
    visit.depart(departure);
    return departure;
  } catch (error) {
    noteAborted(visit);
    throw error;
  }
}

/** The service notes states that a failure in a Parallel state cut short, and a failed task itself. */
function noteAborted({ thread, state }: Visit): void {
  const cutShort = thread.signal.aborted && ['Wait', 'Parallel', 'Map'].includes(state.Type);
  if (thread.isBranch && (cutShort || state.Type === 'Task')) thread.trail.note(`${state.Type}StateAborted`);
}

function runState(visit: Visit): Departure | Promise<Departure> {
  switch (visit.state.Type) {
    case 'Pass': return runPass(visit as Visit<typeof visit.state>);
    case 'Task': return runTask(visit as Visit<typeof visit.state>);
    case 'Choice': return runChoice(visit as Visit<typeof visit.state>);
    case 'Wait': return runWait(visit as Visit<typeof visit.state>);
    case 'Succeed': return runSucceed(visit as Visit<typeof visit.state>);
    case 'Fail': return runFail(visit as Visit<typeof visit.state>);
    case 'Parallel': return runParallel(visit as Visit<typeof visit.state>, runScope);
    case 'Map': return runMap(visit as Visit<typeof visit.state>, runScope);
    default: return unreachable(visit.state);
  }
}

function unreachable(state: never): never {
  throw new Error(`a checked definition holds no such state: ${JSON.stringify(state satisfies State)}`);
}
