/**
 * Ends what a task that is stopped may leave at work: a Redshift statement, which is only asked for, or an execution of an activity's
 * own machine. The first page of a list has all that one activity can have at work; what fails here is the reaper's at the run's end.
 */
import { ANY_ERROR, Asl, Fragment, jsonata, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { RunContext } from './context';
import { Leftovers } from '../reap/leftovers';

export function endWork(context: RunContext, id: string, { list, end, statements }: Omit<Leftovers, 'kind'>, next: string): Fragment {
  const found = variableName('f', id);
  const step = (name: string) => stateName(id, name);
  const call = (resource: string): Asl => ({ Type: 'Task', Resource: resource, Output: {} });
  const gone = end.gone ?? [];
  context.allow(...statements);
  return {
    start: step('find work'),
    states: {
      [step('find work')]: {
        ...call(list.resource),
        Arguments: jsonata(list.arguments),
        Retry: [TRANSIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
        Assign: { [found]: jsonata(list.found) },
        Next: step('end work'),
      },
      [step('end work')]: {
        Type: 'Map',
        Items: jsonata(end.items(`$${found}`)),
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: step('end one'),
          States: {
            [step('end one')]: {
              ...call(end.resource),
              Arguments: end.arguments,
              Retry: [{ ErrorEquals: gone, MaxAttempts: 0 }, TRANSIENT_RETRY],
              End: true,
            },
          },
        },
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
        Output: {},
        Next: next,
      },
    },
  };
}
