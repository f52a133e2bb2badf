/** An object has a result: its actions, then the Run table. Neither can change its status. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Action } from '../../actions/action';
import { ITEM_KEY, objectItem, RUN_KEY, TTL_ATTRIBUTE } from '../../contract/table';
import { jsonataString } from '../../expression/value';
import type { PipelineObject } from '../../pipeline-object';
import { ANY_ERROR, Asl, jsonata, jsonataObject, States, TRANSIENT_RETRY } from '../asl';
import { stateName } from '../names';
import { outcomeNames, renderAction } from './action';
import { ActionEvent } from '../work';
import { Exit, RunContext, Settings } from './context';

/** What comes after: the actions first, then one write, so that an object with one exit has one. */
export interface Exits {
  readonly success: Exit;
  readonly failure: Exit;
}

/**
 * Where an object goes when it has a result. A state comes into being when a way leads to it; `states` is read when all ways are
 * known.
 */
export class Settlement {
  readonly states: States = {};
  private readonly values: string;

  /** `others` are the objects that settle with this one: ids to JSONata of their statuses. */
  constructor(
    private readonly context: RunContext, private readonly object: PipelineObject, private readonly settings: Settings,
    private readonly exits: Exits, others: Readonly<Record<string, string>> = {},
  ) {
    this.values = settlement(context, object, others);
  }

  /** It has finished: its onSuccess actions follow. */
  get success(): string {
    return this.actions('onSuccess', this.settings.onSuccess, this.write('settle', this.exits.success));
  }

  /** It has failed, or a failure has cascaded to it: its onFail actions follow. */
  get failure(): string {
    return this.actions('onFail', this.settings.onFail, this.held);
  }

  /** It stays WAITING_ON_DEPENDENCIES: no action follows. */
  get held(): string {
    const { success, failure } = this.exits;
    return this.write(failure.next === success.next ? 'settle' : 'settle failure', failure);
  }

  private write(step: string, exit: Exit): string {
    const name = stateName(this.object.objectId, step);
    this.states[name] ??= updateItem(this.context, this.values, exit);
    return name;
  }

  private actions(event: ActionEvent, actions: readonly Action[], end: string): string {
    const result = this.context.result(this.object);
    const failed = { [result]: jsonata(`$merge([$${result}, {"actionError": $states.errorOutput.Error}])`) };
    return actions.reduceRight((next, action, index) => {
      const name = stateName(this.object.objectId, `${event} ${index + 1}`);
      this.states[name] ??= renderAction(this.context, this.object, action, event, outcomeNames(this.context, this.object), { next, failed });
      return name;
    }, end);
  }
}

/** What every settling write has in common: a constant of the run, since there may be hundreds of them in a machine. */
function writing(context: RunContext, withOthers: boolean): string {
  const fields = ['#status = :s', 'attempts = :n', 'reason = :r', 'startTime = :b', 'endTime = :e', `${TTL_ATTRIBUTE} = :x`, ...(withOthers ? ['settledWith = :w'] : [])];
  return context.texts.shared(withOthers ? 'settlingWith' : 'settling', {
    TableName: context.pipeline.runTable.tableName,
    UpdateExpression: `SET ${fields.join(', ')}`,
    ExpressionAttributeNames: { '#status': 'status' },
  });
}

/** JSONata of the call's arguments. `others` are the objects that settle with this one: ids to JSONata of their statuses. */
function settlement(context: RunContext, object: PipelineObject, others: Readonly<Record<string, string>>): string {
  const withOthers = Object.keys(others).length > 0;
  const texts = Object.fromEntries(Object.entries(others).map(([id, status]) => [id, `{"S": ${status}}`]));
  const key = jsonataObject({ [RUN_KEY]: '{"S": $run}', [ITEM_KEY]: `{"S": ${jsonataString(objectItem(object.objectId))}}` });
  const values = jsonataObject({
    ':s': '{"S": $r.status}',
    ':n': '{"N": $string($r.attempts)}',
    ':r': '{"S": $r.reason & ""}',
    ':b': '{"S": $r.startTime & ""}',
    ':e': '{"S": $r.endTime & ""}',
    ':x': '{"N": $expiresAt}',
    ...(withOthers ? { ':w': `{"M": ${jsonataObject(texts)}}` } : {}),
  });
  return `($r := $${context.result(object)}; $merge([$${writing(context, withOthers)}, {"Key": ${key}, "ExpressionAttributeValues": ${values}}]))`;
}

function updateItem(context: RunContext, values: string, exit: Exit): Asl {
  context.allow(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [context.pipeline.runTable.tableArn] }));
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:dynamodb:updateItem'),
    Arguments: jsonata(values),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }],
    Output: {},
    ...exit.leave,
  };
}
