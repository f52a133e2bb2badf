/**
 * Ends what a task that is stopped may leave at work: a Redshift statement, which is only asked for, a step on a cluster, or an execution
 * of an activity's own machine. What fails here is the reaper's at the run's end.
 */
import { ANY_ERROR, Asl, Fragment, jsonata, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { RunContext } from './context';
import { Leftovers } from '../reap/leftovers';

/** The place in a list of which all pages have been read. */
const END = 'END';

/** What is assigned before any of its states is entered comes with them. */
export interface EndFragment extends Fragment {
  readonly assign: Asl;
}

export function endWork(context: RunContext, id: string, { list, end, statements }: Omit<Leftovers, 'kind'>, next: string): EndFragment {
  const [found, place] = [variableName('ef', id), variableName('ep', id)];
  const step = (name: string) => stateName(id, name);
  const call = (resource: string): Asl => ({ Type: 'Task', Resource: resource, Output: {} });
  const gone = end.gone ? [{ ErrorEquals: end.gone, MaxAttempts: 0 }] : [];
  context.allow(...statements);
  return {
    start: step('find work'),
    assign: { [place]: '' },
    states: {
      [step('find work')]: {
        ...call(list.resource),
        Arguments: jsonata(`$merge([${list.arguments}, $${place} = "" ? {} : {"${list.token.request}": $${place}}])`),
        Retry: [TRANSIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
        Assign: { [found]: jsonata(list.found), [place]: jsonata(`$exists($states.result.${list.token.answer}) ? $states.result.${list.token.answer} : "${END}"`) },
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
              Retry: [...gone, TRANSIENT_RETRY],
              End: true,
            },
          },
        },
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
        Output: {},
        Next: step('more work?'),
      },
      [step('more work?')]: { Type: 'Choice', Choices: [{ Condition: jsonata(`$${place} = "${END}"`), Next: next }], Default: step('find work') },
    },
  };
}
