/** Cancels the steps of an activity that was ended: its task does so at best effort, and not at all where its answer was lost. */
import { resourceItem } from '../../contract/table';
import type { PipelineObject } from '../../pipeline-object';
import { ANY_ERROR, jsonata, jsonataStrings, merged } from '../asl';
import { stateName, variableName } from '../names';
import { Leftovers } from '../reap/leftovers';
import { EmrWork } from '../work';
import { RunContext } from './context';
import { clusterStatements } from './emr-permissions';
import { EndFragment, endWork } from './end-work';
import { readItem } from './latch';

export function endSteps(context: RunContext, activity: PipelineObject, { cluster, steps }: EmrWork, next: string): EndFragment {
  const step = (name: string) => stateName(activity.objectId, name);
  const on = variableName('ec', activity.objectId);
  const end = endWork(context, activity.objectId, stepsAtWork(context, `$${on}`, steps.map(({ name }) => name)), next);
  const offer = '$states.result.Item.results.S';
  return {
    start: step('find cluster'),
    assign: end.assign,
    states: merged({
      [step('find cluster')]: {
        ...readItem(context, resourceItem(cluster.objectId)),
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
        Assign: { [on]: jsonata(`($exists(${offer}) ? $parse(${offer}).id) & ""`) },
        Output: {},
        Next: step('on cluster?'),
      },
      [step('on cluster?')]: { Type: 'Choice', Choices: [{ Condition: jsonata(`$${on} = ""`), Next: next }], Default: end.start },
    }, end.states),
  };
}

/** `cluster` is JSONata of its id. */
function stepsAtWork(context: RunContext, cluster: string, names: readonly string[]): Omit<Leftovers, 'kind'> {
  return {
    list: {
      resource: context.resource('aws-sdk:emr:listSteps'),
      arguments: `{"ClusterId": ${cluster}, "StepStates": ["PENDING", "RUNNING"]}`,
      token: { request: 'Marker', answer: 'Marker' },
      found: `[$filter($states.result.Steps, function($each) { $replace($each.Name, / \\(attempt \\d+\\)$/, "") in ${jsonataStrings(names)} }).Id]`,
    },
    end: {
      resource: context.resource('elasticmapreduce:cancelStep'),
      items: (found) => found,
      arguments: { ClusterId: jsonata(cluster), StepId: jsonata('$states.input') },
    },
    statements: clusterStatements(context, 'ListSteps', 'CancelSteps'),
  };
}
