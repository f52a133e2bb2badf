/** The call of an action, and what its texts may say of the object that it belongs to. An action that fails changes no status. */
import { Action } from '../../actions/action';
import type { PipelineObject } from '../../pipeline-object';
import { ANY_ERROR, Asl, TRANSIENT_RETRY } from '../asl';
import { Names } from '../scope';
import { checkText } from '../text';
import { ActionEvent } from '../work';
import { RunContext } from './context';

/** Where an action leads, and what is assigned when it has failed. */
export interface ActionExit {
  readonly next: string;
  readonly failed: Asl;
}

export function renderAction(
  context: RunContext, object: PipelineObject, action: Action, event: ActionEvent, names: Names, { next, failed }: ActionExit,
): Asl {
  const call = action._bind(object, event);
  context.allow(...call.statements);
  const argument = (name: string, text: string): string => {
    const checked = checkText(object, event, text, names);
    const limit = call.oneLine[name];
    return limit === undefined ? context.texts.field(checked, names) : context.texts.lineField(checked, limit, names);
  };
  return {
    Type: 'Task',
    Resource: context.resource(call.resource),
    ...call.role ? { Credentials: { RoleArn: call.role.roleArn } } : {},
    Arguments: Object.fromEntries(Object.entries(call.arguments).map(([name, text]) => [name, argument(name, text)])),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: failed, Next: next }],
    Output: {},
    Next: next,
  };
}

/** Of an object that has a result. */
export function outcomeNames(context: RunContext, object: PipelineObject): Names {
  const result = `$${context.result(object)}`;
  return nodeNames(object, {
    status: `${result}.status`,
    errorMessage: `${result}.reason & ""`,
    actualStartTime: `${result}.startTime & ""`,
    actualEndTime: `${result}.endTime & ""`,
  });
}

/** JSONata of what is known of an object. */
interface NodeFields {
  readonly status: string;
  readonly errorMessage: string;
  readonly actualStartTime: string;
  readonly actualEndTime: string;
}

export function nodeNames(object: PipelineObject, node: NodeFields): Names {
  const text = (expression: string) => ({ kind: 'jsonata', type: 'string', text: expression } as const);
  const reasonOf = (status: string) => text(`(${node.status} = "${status}" ? ${node.errorMessage} : "")`);
  const time = (expression: string) => ({ kind: 'jsonata', type: 'date', text: expression, optional: true } as const);
  return {
    'node.name': { kind: 'value', value: object.objectId },
    'node.@status': text(node.status),
    'node.attemptStatus': text(node.status),
    'node.errorMessage': text(node.errorMessage),
    'node.@failureReason': text(node.errorMessage),
    'node.cancellationReason': reasonOf('CANCELED'),
    'node.@cascadeFailedOn': reasonOf('CASCADE_FAILED'),
    'node.@waitingOn': reasonOf('WAITING_ON_DEPENDENCIES'),
    'node.@healthStatus': text(`(${node.status} = "FINISHED" ? "HEALTHY" : "ERROR")`),
    'node.@healthStatusUpdatedTime': time(node.actualEndTime),
    'node.@actualStartTime': time(node.actualStartTime),
    'node.@actualEndTime': time(node.actualEndTime),
    'node.@finishedTime': time(node.actualEndTime),
    'node.@scheduledStartTime': { kind: 'jsonata', type: 'date', text: '$scheduledStartTime' },
    'node.@scheduledEndTime': { kind: 'jsonata', type: 'date', text: '$scheduledEndTime' },
    'node.@latestRunTime': { kind: 'jsonata', type: 'date', text: '$scheduledStartTime' },
    'node.@nextRunTime': { kind: 'jsonata', type: 'date', text: '$scheduledEndTime' },
  };
}
