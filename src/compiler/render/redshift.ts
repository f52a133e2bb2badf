/**
 * Statements through the Redshift Data API: submitted as one transaction under a client token that is new for each attempt, so
 * that a submission whose answer is lost can be repeated; then asked for, at growing intervals, until they have ended.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, jsonata, States, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { sqlText } from '../sql';
import { RedshiftWork } from '../work';
import { ENTERED } from './result';
import { Attempts, WorkFragment, WorkSite } from './work';

const LONGEST_WAIT = 300;
const SHORTEST_WAIT = 2;

export function renderRedshift(site: WorkSite, work: RedshiftWork, attemptTimeout?: number): WorkFragment {
  const { context, activity, settled } = site;
  const attempts = new Attempts(site);
  const id = activity.objectId;
  const step = (name: string) => stateName(id, name);
  const statement = variableName('id', id);
  const began = variableName('t', id);
  const answer = variableName('d', id);
  context.allow(...work.permissions);
  if (attemptTimeout !== undefined) context.allow(new PolicyStatement({ actions: ['redshift-data:CancelStatement'], resources: ['*'] })); // has no resource types

  const describe = (next: string, assign: Asl): Asl => ({
    Type: 'Task',
    Resource: context.resource('aws-sdk:redshiftdata:describeStatement'),
    Arguments: { Id: jsonata(`$${statement}`) },
    Retry: [TRANSIENT_RETRY],
    Catch: [attempts.catcher({ startTime: `$${began}` })],
    Assign: assign,
    Output: {},
    Next: next,
  });
  const elapsed = `(($millis() - $toMillis($${began})) / 1000)`;
  const left = attemptTimeout === undefined ? '' : `, $ceil(${attemptTimeout} - ${elapsed})`;
  const token = `$hash($states.context.Execution.Id & "/" & ${jsonataString(id)} & "/" & $string($${attempts.count}), "SHA-256")`;
  const states: States = {
    [stateName(id)]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:redshiftdata:batchExecuteStatement'),
      Arguments: {
        ...work.target,
        Sqls: work.statements.map((pieces) => sqlText(context.texts, pieces)),
        StatementName: jsonata(`$run & "/" & ${jsonataString(id)} & "/" & $string($${attempts.count})`),
        ClientToken: jsonata(token),
      },
      Retry: [TRANSIENT_RETRY],
      Catch: [attempts.catcher()],
      Assign: { [statement]: jsonata('$states.result.Id'), [began]: jsonata(ENTERED) },
      Output: {},
      Next: step('wait'),
    },
    [step('wait')]: {
      Type: 'Wait',
      Seconds: jsonata(`$max([${SHORTEST_WAIT}, $min([${LONGEST_WAIT}, $floor(${elapsed} / 10)${left}])])`),
      Next: step('describe'),
    },
    [step('describe')]: describe(step('outcome?'), { [answer]: jsonata('{"status": $states.result.Status, "error": $states.result.Error & ""}') }),
    [step('outcome?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${answer}.status = "FINISHED"`), Assign: attempts.finished(`$${began}`), Next: settled.success },
        {
          Condition: jsonata(`$${answer}.status in ["FAILED", "ABORTED"]`),
          Assign: attempts.failure('"FAILED"', `$substring("Redshift: " & $${answer}.status & ": " & $${answer}.error, 0, 500)`, `$${began}`),
          Next: attempts.retry,
        },
        ...(attemptTimeout === undefined ? [] : [{ Condition: jsonata(`${elapsed} >= ${attemptTimeout}`), Next: step('cancel') }]),
      ],
      Default: step('wait'),
    },
    ...(attemptTimeout === undefined ? {} : {
      [step('cancel')]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:redshiftdata:cancelStatement'),
        Arguments: { Id: jsonata(`$${statement}`) },
        Retry: [TRANSIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Assign: timedOut(attempts, attemptTimeout, `$${began}`), Next: attempts.retry }],
        Assign: timedOut(attempts, attemptTimeout, `$${began}`),
        Output: {},
        Next: attempts.retry,
      },
    }),
    ...attempts.states(stateName(id)),
  };
  return { start: stateName(id), states, assign: attempts.assign };
}

function timedOut(attempts: Attempts, attemptTimeout: number, startTime: string): Asl {
  return attempts.failure('"TIMEDOUT"', `"attemptTimeout of ${attemptTimeout} s passed"`, startTime);
}
