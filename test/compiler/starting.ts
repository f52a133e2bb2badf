import { Stack } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { concrete } from './machines';
import { handler as calendar } from '../../lambda/calendar/handler';
import { VirtualClock } from '../../simulator/clock';
import { ExecutionResult } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Lambda } from '../../simulator/services/lambda';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json, TaskHandler } from '../../simulator/task';
import { CatchUp, Pipeline, Schedule } from '../../src';
import { compileRerunGraph } from '../../src/compiler/compile';
import { dispatch, leaveQueue } from '../../src/compiler/render/queue';
import { renderStarter } from '../../src/compiler/starter';
import { StarterInput } from '../../src/contract/run';

export const NOON = Date.UTC(2026, 11, 1, 12);
const CALENDAR = 'arn:aws:lambda:us-east-1:111111111111:function:Calendar';
const TABLE = 'PRunTable';
const NOTHING = { QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };

export interface StartingOptions {
  readonly maxActiveInstances?: number;
  readonly catchUp?: CatchUp;
  /** How long the work of a run takes, in seconds. @default 60 */
  readonly seconds?: (run: string) => number;
  /** Around each call of a machine. */
  readonly around?: (stateName: string, call: () => Promise<Json>) => Promise<Json>;
  /** What is run in place of the Starter. */
  readonly altered?: (definition: Json) => Json;
}

/** When a run's work began and ended. */
export interface Work {
  readonly run: string;
  readonly began: number;
  ended?: number;
}

/** A pipeline's Starter, beside a Run machine that takes its time, and leaves the queue as runs do. */
export class Starting {
  public readonly clock = new VirtualClock(NOON);
  public readonly work: Work[] = [];
  public readonly service: StepFunctions;
  private readonly starter: string;
  private readonly runs: string;
  private readonly reaper: string;
  private readonly dynamoDb = new DynamoDb([{ tableName: TABLE, partitionKey: 'run', sortKey: 'item' }]);

  constructor(scope: Pipeline, schedule: Schedule, private readonly options: StartingOptions = {}) {
    const lambda = new Lambda();
    lambda.register(CALENDAR, calendar as (payload: Json) => unknown);
    const work: TaskHandler = async ({ arguments: given }) => this.perform((given as { Subject: string }).Subject);
    const handlers = this.around({ ...lambda.handlers(), ...this.dynamoDb.handlers(), 'sns:publish': work });
    this.service = new StepFunctions({ clock: this.clock, handlers });
    for (const [name, handler] of Object.entries(this.around(stepFunctionsHandlers(this.service)))) this.service.handle(name, handler);
    this.runs = this.service.createStateMachine({ name: 'Run', definition: concrete(Stack.of(scope), runDefinition(scope)) });
    this.reaper = this.service.createStateMachine({ name: 'Reaper', definition: NOTHING });
    const { definition } = renderStarter({
      runs: scope._runs,
      partition: 'aws',
      timing: schedule._timing,
      runArn: this.runs,
      reaperArn: this.reaper,
      calendar: Function.fromFunctionArn(new Stack(), 'Calendar', CALENDAR),
      maxActiveInstances: options.maxActiveInstances ?? 5,
      catchUp: (options.catchUp ?? CatchUp.none())._count,
      graph: compileRerunGraph(scope._runs),
    });
    const { altered = (it) => it } = options;
    this.starter = this.service.createStateMachine({ name: 'Starter', definition: altered(concrete(Stack.of(scope), definition)) });
  }

  public begin(input: StarterInput | { readonly [name: string]: Json }): Promise<ExecutionResult> {
    return this.service.startExecution({ stateMachineArn: this.starter, input: input as Json }).result;
  }

  public start(input: StarterInput | { readonly [name: string]: Json }): Promise<ExecutionResult> {
    return this.clock.run(this.begin(input));
  }

  public tick(scheduledTime: string): Promise<ExecutionResult> {
    return this.start({ scheduledTime });
  }

  /** What runs of the pipeline and its user write into the queue's item. */
  public async write(attributes: { readonly [name: string]: Json }): Promise<void> {
    const names = Object.keys(attributes);
    await this.dynamoDb.call('updateItem', {
      TableName: TABLE,
      Key: { run: { S: '#pipeline' }, item: { S: 'queue' } },
      UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')} ADD version :one`,
      ExpressionAttributeValues: { ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])), ':one': { N: '1' } },
    });
  }

  public async put(run: string, item: string, attributes: { readonly [name: string]: Json }): Promise<void> {
    await this.dynamoDb.call('putItem', { TableName: TABLE, Item: { run: { S: run }, item: { S: item }, ...attributes } });
  }

  public async item(run: string, item: string): Promise<{ readonly [name: string]: Json } | undefined> {
    const { Item } = await this.dynamoDb.call('getItem', { TableName: TABLE, Key: { run: { S: run }, item: { S: item } } }) as { Item?: { [name: string]: Json } };
    return Item;
  }

  /** The names of the runs, with their input. */
  public get started(): Record<string, Json> {
    return Object.fromEntries(this.service.listExecutions(this.runs).map(({ name, input }) => [name, input]));
  }

  public get names(): string[] {
    return Object.keys(this.started);
  }

  /** What the reaper was asked to settle. */
  public get reaped(): Json[] {
    return this.service.listExecutions(this.reaper).map(({ input }) => input);
  }

  public stop(run: string): void {
    this.service.listExecutions(this.runs).find(({ name }) => name === run)?.stop();
  }

  public pass(seconds: number): Promise<void> {
    return this.clock.run(this.clock.sleep(seconds * 1000));
  }

  /** Until nothing runs any more. */
  public async settle(): Promise<void> {
    const all = () => [this.runs, this.starter].flatMap((arn) => this.service.listExecutions(arn));
    for (let seen = 0; all().length > seen;) {
      seen = all().length;
      await this.clock.run(Promise.all(all().map(({ result }) => result)));
    }
  }

  /** The largest number of runs whose work went on at one time. */
  public get mostAtWork(): number {
    const at = (time: number) => this.work.filter(({ began, ended }) => began <= time && (ended ?? Infinity) > time).length;
    return Math.max(0, ...this.work.map(({ began }) => at(began)));
  }

  public transitions(): number[] {
    return this.service.listExecutions(this.starter).map(({ transitions }) => transitions);
  }

  private async perform(run: string): Promise<Json> {
    const work: Work = { run, began: this.clock.now() };
    this.work.push(work);
    await this.clock.sleep((this.options.seconds?.(run) ?? 60) * 1000);
    work.ended = this.clock.now();
    return {};
  }

  private around(handlers: Record<string, TaskHandler>): Record<string, TaskHandler> {
    const { around } = this.options;
    if (!around) return handlers;
    const wrapped = (handler: TaskHandler): TaskHandler => async (request) => around(request.stateName, () => handler(request));
    return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, wrapped(handler)]));
  }
}

/** Work, and then what every run does at its end. */
function runDefinition(scope: Pipeline): object {
  const [name, partition] = ['$states.context.Execution.Name', 'aws'];
  const work = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Arguments: { TopicArn: 'work', Message: '', Subject: `{% ${name} %}` } };
  const next = { next: '{% $states.result.Attributes.next.S & "" %}' };
  const retry = [{ ErrorEquals: ['States.ALL'] }];
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Work',
    States: {
      'Work': { ...work, Next: 'Leave queue' },
      'Leave queue': { ...leaveQueue(scope._runs, partition, name), Retry: retry, Assign: next, Next: 'Waits?' },
      'Waits?': { Type: 'Choice', Choices: [{ Condition: '{% $next != "" %}', Next: 'Start next' }], Default: 'Done' },
      'Start next': { ...dispatch(partition, '$next'), Retry: retry, Next: 'Done' },
      'Done': { Type: 'Succeed' },
    },
  };
}
