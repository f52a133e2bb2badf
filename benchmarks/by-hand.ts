/**
 * The same flows as an author would write them with aws-stepfunctions who knows it well: as few states as will do, and for each
 * activity the same retries, a status in a table, and on failure an alarm, before the run fails.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Activity, Chain, DefinitionBody, Fail, IChainable, INextable, Parallel, QueryLanguage, State, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, SnsPublish, StepFunctionsInvokeActivity } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { layersOf, Order } from './orders';

/** What the states of a flow by hand share. */
export class ByHand {
  readonly table: Table;
  readonly hosts: Activity;
  private readonly topic: Topic;

  constructor(readonly scope: Construct) {
    this.table = new Table(scope, 'Table', { partitionKey: { name: 'run', type: AttributeType.STRING }, sortKey: { name: 'item', type: AttributeType.STRING } });
    this.hosts = new Activity(scope, 'Hosts');
    this.topic = new Topic(scope, 'Alarms');
  }

  /** A command on a host, and its status. */
  command(id: string): Chain {
    const work = StepFunctionsInvokeActivity.jsonata(this.scope, id, { activity: this.hosts, outputs: {} });
    return this.settled(id, work);
  }

  /** A task with its retries, its status when it has finished, and what happens when it fails. */
  settled(id: string, work: State & INextable & Catching): Chain {
    work.addRetry({ maxAttempts: 2, interval: Duration.minutes(5), backoffRate: 1 });
    work.addCatch(this.failed(id), { errors: ['States.ALL'] });
    return Chain.start(work).next(this.status(id, `${id} status`, 'FINISHED'));
  }

  /** Says that an object has failed, and fails. */
  failed(id: string): Chain {
    const alarm = SnsPublish.jsonata(this.scope, `${id} alarm`, { topic: this.topic, subject: `${id} failed`, message: TaskInput.fromText(`${id} failed`), outputs: {} });
    return this.status(id, `${id} failed status`, 'FAILED').next(alarm).next(Fail.jsonata(this.scope, `${id} failed`));
  }

  status(item: string, id: string, status: string): Chain {
    return Chain.start(CallAwsService.jsonata(this.scope, id, {
      service: 'dynamodb',
      action: 'updateItem',
      parameters: {
        TableName: this.table.tableName,
        Key: { run: { S: RUN }, item: { S: item } },
        UpdateExpression: 'SET #s = :s',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': { S: status } },
      },
      iamResources: [this.table.tableArn],
      outputs: {},
    }));
  }

  /** Marks the run, carries out the flow, and marks it again. */
  machine(flow: IChainable): StateMachine {
    const definition = this.status('run', 'Begin', 'RUNNING').next(flow).next(this.status('run', 'End', 'FINISHED'));
    return new StateMachine(this.scope, 'Flow', { definitionBody: DefinitionBody.fromChainable(definition), queryLanguage: QueryLanguage.JSONATA });
  }
}

const RUN = '{% $states.context.Execution.Name %}';

interface Catching {
  addRetry(props: { maxAttempts: number; interval: Duration; backoffRate: number }): unknown;
  addCatch(handler: IChainable, props: { errors: string[] }): unknown;
}

/** Layer by layer: by hand there is no other way to say an order that does not nest. */
export function flowOf(order: Order, app = new App()): StateMachine {
  const byHand = new ByHand(new Stack(app, 'ByHand', { env: { account: '111111111111', region: 'us-east-1' } }));
  const layers = layersOf(order).map((layer, index) => {
    if (layer.length === 1) return byHand.command(`A${layer[0]}`);
    const parallel = Parallel.jsonata(byHand.scope, `Layer ${index}`, { outputs: {} });
    for (const each of layer) parallel.branch(byHand.command(`A${each}`));
    return Chain.start(parallel);
  });
  return byHand.machine(layers.reduce((before, layer) => before.next(layer)));
}
