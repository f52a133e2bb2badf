/**
 * States of the user's own, as executions of their own machine.
 *
 * An execution is named after the run and the attempt, so that what became of an attempt can always be asked for: when it has failed, and
 * when the answer to its start was lost. It counts as ended only when it has; an attempt that cannot be asked for is taken up again under
 * its name, and its machine's own timeout bounds it.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, jsonata, merged, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { MachineWork, NamedNode } from '../work';
import { RunContext } from './context';
import { CAUGHT_REASON, ENTERED, REASON_LENGTH } from './result';
import { Attempts, WorkFragment, WorkSite } from './work';

const SHORTEST_WAIT = 30;
const LONGEST_WAIT = 3600;
/** Of a run's name: executions' names have 80 characters. */
const NAME_LENGTH = 72;

export function renderChild(site: WorkSite, work: MachineWork): WorkFragment {
  const { context, activity, settled } = site;
  const id = activity.objectId;
  const step = (name: string) => stateName(id, name);
  const attempts = new Attempts(site);
  const variables = { number: variableName('n', id), began: variableName('t', id), answer: variableName('d', id) };
  const failure = (status: string, reason: string) => attempts.failure(status, `$substring(${reason}, 0, ${REASON_LENGTH})`, `$${variables.began}`);
  const childName = `${childPrefix('$run')} & $string($${variables.number})`;
  const { stateMachineArn } = work.stateMachine;
  context.allow(...executionStatements(work.stateMachine));
  const states = merged({
    [stateName(id)]: {
      Type: 'Task',
      Resource: context.resource('states:startExecution.sync:2'),
      Arguments: { StateMachineArn: stateMachineArn, Name: jsonata(childName), Input: childInput(context, work, variables.number) },
      Catch: [{
        ErrorEquals: ANY_ERROR,
        Assign: { ...attempts.failure('"FAILED"', CAUGHT_REASON, ENTERED), [variables.began]: jsonata(ENTERED) },
        Next: step('look up'),
      }],
      Assign: attempts.finished(),
      Output: {},
      Next: settled.success,
    },
    [step('look up')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:sfn:describeExecution'),
      Arguments: { ExecutionArn: jsonata(`$replace(${context.texts.literal(stateMachineArn)}, ":stateMachine:", ":execution:") & ":" & ${childName}`) },
      Retry: [{ ErrorEquals: ['Sfn.ExecutionDoesNotExistException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: attempts.retry }],
      Assign: { [variables.answer]: jsonata('{"status": $states.result.Status, "reason": $join([$states.result.Error, $states.result.Cause], ": ") & ""}') },
      Output: {},
      Next: step('outcome?'),
    },
    [step('outcome?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${variables.answer}.status = "SUCCEEDED"`), Assign: attempts.finished(`$${variables.began}`), Next: settled.success },
        { Condition: jsonata(`$${variables.answer}.status in ["RUNNING", "PENDING_REDRIVE"]`), Next: step('wait') },
      ],
      Assign: {
        ...failure(`($${variables.answer}.status = "TIMED_OUT" ? "TIMEDOUT" : "FAILED")`, `$${variables.answer}.reason`),
        [variables.number]: jsonata(`$${variables.number} + 1`),
      },
      Default: attempts.retry,
    },
    [step('wait')]: { Type: 'Wait', Seconds: jsonata(stillRunning(variables.began)), Next: step('look up') },
  }, attempts.states(stateName(id)));
  return { start: stateName(id), states, loops: true, assign: { ...attempts.assign, [variables.number]: 1 } };
}

/** JSONata: the longer it runs, the less often it is asked for, so that the history has room. */
function stillRunning(began: string): string {
  return `$max([${SHORTEST_WAIT}, $min([${LONGEST_WAIT}, $floor(($millis() - $toMillis($${began})) / 4000)])])`;
}

/** JSONata of what the names of all executions for a run begin with, of JSONata of the run's name; no run's name has a `_`. */
export function childPrefix(run: string): string {
  return `$substring(${run}, 0, ${NAME_LENGTH}) & "_"`;
}

/** The same whenever it is made for an execution, so that starting it twice starts it once. */
function childInput(context: RunContext, { inputs, outputs }: MachineWork, number: string): Asl {
  const node = ({ object, uri }: NamedNode): Asl => ({ id: object, ...uri ? { uri: context.texts.field(uri) } : {} });
  const { parameters, arrayParameters } = context.pipeline;
  const literal = (value: string) => context.texts.literal(value);
  const defaults = [
    ...Object.entries(parameters).map(([name, value]) => `${jsonataString(name)}: ${literal(value)}`),
    ...Object.entries(arrayParameters).map(([name, values]) => `${jsonataString(name)}: [${values.map(literal).join(', ')}]`),
  ];
  return {
    run: jsonata('$run'),
    attempt: jsonata(`$${number}`),
    scheduledStartTime: jsonata('$scheduledStartTime'),
    scheduledEndTime: jsonata('$scheduledEndTime'),
    parameters: jsonata(`$merge([{${defaults.join(', ')}}, $parameters])`),
    input: inputs.map(node),
    output: outputs.map(node),
    AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: jsonata('$states.context.Execution.Id'), // so that the console links the two
  };
}

/** The ARN of all executions of a machine. */
export function executionsOf(stateMachine: StateMachine): string {
  return Stack.of(stateMachine).formatArn({
    service: 'states', resource: 'execution', resourceName: `${stateMachine.stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** To start executions of a machine, to hear of their end and to ask for it. */
export function executionStatements(stateMachine: StateMachine): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
    ...['states:DescribeExecution', 'states:StopExecution'].map((action) => new PolicyStatement({ actions: [action], resources: [executionsOf(stateMachine)] })),
    new PolicyStatement({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [Stack.of(stateMachine).formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule' })],
    }),
  ];
}
