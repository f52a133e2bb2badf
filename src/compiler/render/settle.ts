/** An object has a result: its actions, then the Run table. Neither can change its status. */
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

  /** `others` are who settles with this one: ids to JSONata of their statuses. `written`: whoever does its work writes the result. */
  constructor(
    private readonly context: RunContext, private readonly object: PipelineObject, private readonly settings: Settings,
    private readonly exits: Exits, private readonly others: Readonly<Record<string, string>> = {}, private readonly written = false,
  ) {}

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
    if (this.written) return exit.next;
    const name = stateName(this.object.objectId, step);
    const others = Object.entries(this.others).map(([id, status]) => [id, `{"S": ${status}}`]);
    const settledWith = others.length ? { others: jsonataObject(Object.fromEntries(others) as Record<string, string>) } : {};
    this.states[name] ??= writeResult(this.context, { item: itemOf(this.object), result: this.context.result(this.object), ...settledWith }, exit);
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

/** JSONata of the item of an object. */
export function itemOf({ objectId }: { readonly objectId: string }): string {
  return jsonataString(objectItem(objectId));
}

/** JSONata of the key of an item. */
export function keyOf(item: string): string {
  return jsonataObject({ [RUN_KEY]: '{"S": $run}', [ITEM_KEY]: `{"S": ${item}}` });
}

/** What becomes of an item: `item` is JSONata of it, `result` the variable, `others` JSONata of attribute values by the ids of who settles with it. */
export interface Written {
  readonly item: string;
  readonly result: string;
  readonly others?: string;
}

/** Writes a result into the Run table. */
export function writeResult(context: RunContext, { item, result, others }: Written, exit: Exit): Asl {
  const values = jsonataObject({
    ':s': '{"S": $r.status}',
    ':n': '{"N": $string($r.attempts)}',
    ':r': '{"S": $r.reason & ""}',
    ':b': '{"S": $r.startTime & ""}',
    ':e': '{"S": $r.endTime & ""}',
    ':x': '{"N": $expiresAt}',
    ...(others === undefined ? {} : { ':w': `{"M": ${others}}` }),
  });
  const key = keyOf(item);
  context.allowUpdate();
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:dynamodb:updateItem'),
    Arguments: jsonata(`($r := $${result}; $merge([$${writing(context, others !== undefined)}, {"Key": ${key}, "ExpressionAttributeValues": ${values}}]))`),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }],
    Output: {},
    ...exit.leave,
  };
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
