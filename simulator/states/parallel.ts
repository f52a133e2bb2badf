import { attempted } from '../attempts';
import { ParallelState, StateScope } from '../definition';
import { Member, runTogether } from '../group';
import { ScopeRunner } from '../interpreter';
import { Json } from '../task';
import { Departure, Visit } from '../visit';

export function runParallel(visit: Visit<ParallelState>, runScope: ScopeRunner): Promise<Departure> {
  const { thread: { trail }, state } = visit;
  return attempted(visit, async () => {
    const input = await visit.evaluate('Arguments', state.Arguments, visit.input);
    visit.checkSize('Arguments', input);
    trail.add('ParallelStateStarted');
    const result = await runTogether(visit.thread, state.Branches.map(branch => member(branch, input, runScope)));
    trail.note('ParallelStateSucceeded');
    return visit.exit(state, result, { result });
  });
}

function member(branch: StateScope, input: Json, runScope: ScopeRunner): Member {
  return {
    isBranch: true,
    run: async thread => ({ output: await runScope(branch, input, thread), ended: thread.trail.last }),
  };
}
