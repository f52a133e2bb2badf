import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Fail, IChainable, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json, TaskFailure, TaskHandler } from '../../simulator/task';
import {
  DataNode, Pipeline, PipelineProps, RedshiftDatabase, RedshiftDataNode, StepFunctionsActivity, StepFunctionsActivityProps,
} from '../../src';
import { renderReaper } from '../../src/compiler/reaper';
import { ObjectResult, RunResult } from '../../src/contract/run';
import { folder, pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { concrete, runMachine } from '../compiler/machines';
import { INTERVAL } from '../compiler/timed-run';

const CHILD = 'POwnStateMachine';

function own(scope: Pipeline, definition: IChainable, props: Partial<StepFunctionsActivityProps> = {}): StepFunctionsActivity {
  return new StepFunctionsActivity(scope, 'Own', { definition, maximumRetries: 0, ...props });
}

const pass = (scope: Pipeline) => Pass.jsonata(scope, 'Pass');
const wait = (scope: Pipeline, seconds: number) => Wait.jsonata(scope, 'Wait', { time: WaitTime.duration(Duration.seconds(seconds)) });

/** The machine as it is deployed. */
function definitionOf({ stateMachine }: StepFunctionsActivity): Json {
  const stack = Stack.of(stateMachine);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))
    .filter((resource) => JSON.stringify(resource).includes('Own of p'));
  return JSON.parse(String(concrete(stack, (Properties as { DefinitionString: unknown }).DefinitionString))) as Json;
}

type Around = (name: string, handler: TaskHandler) => TaskHandler;

/** Runs the pipeline of an activity `Own`; `around` may stand before a service. */
class Ran {
  public readonly clock = new VirtualClock();
  public readonly service = new StepFunctions({ clock: this.clock });
  private readonly begun = this.clock.now();

  constructor(
    private readonly activity: StepFunctionsActivity, around: Around = (_, handler) => handler, handlers: Record<string, TaskHandler> = {},
  ) {
    const nothing: TaskHandler = async () => ({});
    const services = { ...stepFunctionsHandlers(this.service), 'aws-sdk:dynamodb:updateItem': nothing, 'aws-sdk:s3:putObject': nothing };
    for (const [name, handler] of Object.entries({ ...services, ...handlers })) this.service.handle(name, around(name, handler));
  }

  async run(): Promise<ObjectResult> {
    this.service.createStateMachine({ name: CHILD, definition: definitionOf(this.activity) });
    this.service.createStateMachine({ name: 'PRunReaperStateMachine', definition: NOTHING });
    const stateMachineArn = this.service.createStateMachine({ name: 'Run', definition: runMachine(this.activity.pipeline) as unknown as Json });
    const { output, cause } = await this.clock.run(this.service.startExecution({ stateMachineArn, name: 'run', input: INTERVAL }).result);
    return (output as unknown as RunResult ?? JSON.parse(cause!) as RunResult).objects.Own;
  }

  get children(): Execution[] {
    return this.service.listExecutions(`arn:aws:states:us-east-1:111111111111:stateMachine:${CHILD}`);
  }

  get seconds(): number {
    return (this.clock.now() - this.begun) / 1000;
  }
}

const NOTHING = { QueryLanguage: 'JSONata', StartAt: 'End', States: { End: { Type: 'Succeed' } } };

test('an attempt is one execution, which is told of its interval, parameters and data nodes', async () => {
  const scope = pipeline({ parameters: { region: 'north', year: '2026' } });
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
  const output: DataNode[] = [folder(scope, 'Out'), new RedshiftDataNode(scope, 'Table', { database, tableName: 't' })];
  const ran = new Ran(own(scope, pass(scope), { input: [folder(scope, 'In')], output }));
  expect(await ran.run()).toMatchObject({ status: 'FINISHED', attempts: 1 });
  expect(ran.children.map(({ name, input }) => [name, input])).toEqual([['run_1', {
    run: 'run',
    attempt: 1,
    scheduledStartTime: INTERVAL.scheduledStartTime,
    scheduledEndTime: INTERVAL.scheduledEndTime,
    parameters: { region: 'north', year: '2026' },
    input: [{ id: 'In', uri: 's3://data/In/' }],
    output: [{ id: 'Out', uri: 's3://data/Out/' }, { id: 'Table' }],
    AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:us-east-1:111111111111:execution:Run:run',
  }]]);
});

test('a task of aws-stepfunctions-tasks does the work, with the permissions that CDK gives it', async () => {
  const scope = pipeline();
  const lambdaFunction = LambdaFunction.fromFunctionArn(scope, 'Function', 'arn:aws:lambda:us-east-1:111111111111:function:work');
  const activity = own(scope, LambdaInvoke.jsonata(scope, 'Invoke', { lambdaFunction }));
  const payloads: Json[] = [];
  const ran = new Ran(activity, undefined, {
    'lambda:invoke': async (request) => {
      payloads.push(request.arguments);
      return { Payload: null, StatusCode: 200 };
    },
  });
  expect(await ran.run()).toMatchObject({ status: 'FINISHED' });
  expect(payloads).toEqual([expect.objectContaining({ FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:work' })]);
  expect(granted(activity.stateMachine.role as never).filter((line) => line.startsWith('lambda:'))).toEqual([
    'lambda:InvokeFunction arn:aws:lambda:us-east-1:111111111111:function:work', 'lambda:InvokeFunction arn:aws:lambda:us-east-1:111111111111:function:work:*',
  ]);
});

test('why the states failed is why the activity failed, and they are tried again under another name', async () => {
  const scope = pipeline();
  const definition = Fail.jsonata(scope, 'Fail', { error: 'Quality', cause: 'a "third" of the rows are empty' });
  const ran = new Ran(own(scope, definition, { maximumRetries: 2, retryDelay: Duration.seconds(10) }));
  expect(await ran.run()).toMatchObject({ status: 'FAILED', attempts: 3, reason: 'Quality: a "third" of the rows are empty' });
  expect(ran.children.map(({ name, input }) => [name, (input as { attempt: number }).attempt])).toEqual([['run_1', 1], ['run_2', 2], ['run_3', 3]]);
  expect(ran.seconds).toBe(20);
});

test('an attempt that takes longer than attemptTimeout is TIMEDOUT', async () => {
  const scope = pipeline();
  const ran = new Ran(own(scope, wait(scope, 100), { attemptTimeout: Duration.seconds(60) }));
  expect(await ran.run()).toMatchObject({ status: 'TIMEDOUT', attempts: 1 });
  expect([ran.seconds, ran.children[0].status]).toEqual([60, 'TIMED_OUT']);
});

const unused: TaskHandler = async () => {
  throw new Error('not called');
};
const START = 'states:startExecution';
const unavailable = new TaskFailure('StepFunctions.Unavailable', 'try again');

test('a start whose answer is lost is not made twice: the execution is taken up', async () => {
  const scope = pipeline();
  let lost = 0;
  const ran = new Ran(own(scope, wait(scope, 100), { maximumRetries: 1 }), (name, handler) => name !== START ? handler : async (request) => {
    void handler({ ...request, pattern: undefined });
    lost += 1;
    throw unavailable;
  });
  expect(await ran.run()).toMatchObject({ status: 'FINISHED', attempts: 1 });
  expect([lost, ran.children.map(({ name }) => name), ran.seconds]).toEqual([1, ['run_1'], 120]);
});

test('an attempt that cannot be asked for is taken up again under its name', async () => {
  const scope = pipeline();
  let starts = 0;
  const around: Around = (name, handler) => async (request) => {
    if (name === 'aws-sdk:sfn:describeExecution' && starts === 1) throw unavailable;
    if (name === START && ++starts === 1) {
      void handler({ ...request, pattern: undefined });
      throw unavailable;
    }
    return handler(request);
  };
  const ran = new Ran(own(scope, wait(scope, 1000), { maximumRetries: 1, retryDelay: Duration.seconds(10) }), around);
  expect(await ran.run()).toMatchObject({ status: 'FINISHED', attempts: 2 });
  expect([starts, ran.children.map(({ name }) => name)]).toEqual([2, ['run_1']]);
});

test('a start that was refused is a failed attempt', async () => {
  const scope = pipeline();
  const ran = new Ran(own(scope, pass(scope)), (name, handler) => name === START ? async () => { throw unavailable; } : handler);
  expect(await ran.run()).toMatchObject({ status: 'FAILED', attempts: 1, reason: 'StepFunctions.Unavailable: try again' });
});

test('the reaper stops what a run has left behind, and not what is a rerun\'s', async () => {
  const scope = pipeline();
  const activity = own(scope, wait(scope, 1000));
  const { service, clock } = new Ran(activity, undefined, { 'aws-sdk:dynamodb:getItem': unused, 'aws-sdk:dynamodb:query': unused });
  const stateMachineArn = service.createStateMachine({ name: CHILD, definition: definitionOf(activity) });
  const children = ['run_1', 'run.r1_1'].map((name) => service.startExecution({ stateMachineArn, name }));
  const reaper = service.createStateMachine({ name: 'Reaper', definition: concrete(Stack.of(scope), renderReaper(scope._runs, 'aws').definition) });
  expect(await clock.run(service.startExecution({ stateMachineArn: reaper, input: { run: 'run', looks: 1 } }).result)).toMatchObject({ status: 'SUCCEEDED' });
  expect(children.map(({ status }) => status)).toEqual(['ABORTED', 'RUNNING']);
});

test('a chain in JSONPath is deployed as it is, in a machine that ends when the attempt must', () => {
  const scope = pipeline({ attemptTimeout: Duration.minutes(5) });
  const activity = own(scope, new Pass(scope, 'First').next(new Pass(scope, 'Second')));
  expect(definitionOf(activity)).toEqual({
    Comment: 'Own of p',
    StartAt: 'First',
    TimeoutSeconds: 300,
    States: { First: { Type: 'Pass', Next: 'Second' }, Second: { Type: 'Pass', End: true } },
  });
  const longest = (props: Partial<PipelineProps>) => {
    const other = pipeline({ pipelineName: 'p', ...props });
    return definitionOf(own(other, pass(other)));
  };
  expect(longest({ runTimeout: Duration.hours(1) })).toMatchObject({ TimeoutSeconds: 3600 });
});

test('the run may start the machine, look at its executions and stop them', () => {
  const scope = pipeline();
  own(scope, pass(scope));
  const lines = granted(scope.runStateMachine.role as never);
  expect([...new Set(lines.filter((line) => /^(states|events):/.test(line)))]).toEqual([
    ...['DescribeRule', 'PutRule', 'PutTargets'].map((action) => `events:${action} arn:aws:events:us-east-1:111111111111:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`),
    'states:DescribeExecution arn:aws:states:us-east-1:111111111111:execution:POwnStateMachine.Name:*',
    'states:ListExecutions arn:aws:states:us-east-1:111111111111:stateMachine:POwnStateMachine',
    'states:StartExecution arn:aws:states:us-east-1:111111111111:stateMachine:POwnStateMachine',
    'states:StartExecution arn:aws:states:us-east-1:111111111111:stateMachine:PRunReaperStateMachine',
    'states:StartExecution arn:aws:states:us-east-1:111111111111:stateMachine:PRunStarterStateMachine',
    'states:StopExecution arn:aws:states:us-east-1:111111111111:execution:POwnStateMachine.Name:*',
  ]);
});

test('it takes its place in the order of activities', () => {
  const scope = pipeline();
  const out = folder(scope, 'Out');
  own(scope, pass(scope), { output: [out], dependsOn: [shell(scope, 'Before')] });
  shell(scope, 'After', { input: [out] });
  const { States } = runMachine(scope);
  expect([States['Before: settle'].Next, States['Own: settle'].Next]).toEqual(['Own: ready?', 'After: ready?']);
});

test('a definition is needed', () => {
  const scope = pipeline();
  expect(() => own(scope, undefined as never)).toThrow('Stack/P/Own: definition: is missing; got: nothing; give a task or a chain of aws-stepfunctions');
});
