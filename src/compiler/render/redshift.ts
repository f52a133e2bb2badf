/**
 * Statements through the Redshift Data API: submitted as one transaction under a client token that is new for each attempt, so
 * that a submission whose answer is lost can be repeated; then asked for until they have ended, less often the longer they take.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, jsonata, merged, TRANSIENT_RETRY } from '../asl';
import { delaysFor, growth, SHARE } from '../history';
import { stateName, variableName } from '../names';
import { sqlText } from '../sql';
import { RedshiftWork } from '../work';
import { RunContext } from './context';
import { ENTERED } from './result';
import { Attempts, JobSite, WorkFragment, WorkSite } from './work';

const SHORTEST_WAIT = 2;
/** The wait as a share of the time since the first attempt: one after many hours is asked for no more often than its predecessors were. */
const WAIT_SHARE = 0.1;
/** The Data API ends a statement then. */
const LONGEST_STATEMENT = 24 * 3600;
const EVENTS_PER_WAIT = 9;

/** What is submitted, and for how long: of one activity, or of whichever an execution is told of. */
export interface Load {
  /** JSONata of the activity's id. */
  readonly object: string;
  /** The arguments of a submission; the name and the client token of an attempt are JSONata. */
  readonly submission: (name: string, token: string) => Asl | string;
  /** In seconds, or JSONata of them. */
  readonly attemptTimeout?: number | string;
  readonly mostAttempts: number;
  /** How long all attempts may last, in seconds. */
  readonly longest: number;
}

export function renderRedshift(site: WorkSite, work: RedshiftWork, attemptTimeout?: number): WorkFragment {
  const { context, activity, settings: { maximumRetries, retryDelay } } = site;
  context.allow(...work.permissions, ...attemptTimeout === undefined ? [] : [cancelStatements()]);
  return renderLoad(site, {
    object: jsonataString(activity.objectId),
    submission: (name, token) => ({ ...work.target, Sqls: sqlTexts(context, work), StatementName: jsonata(name), ClientToken: jsonata(token) }),
    attemptTimeout,
    mostAttempts: maximumRetries + 1,
    longest: (maximumRetries + 1) * ((attemptTimeout ?? LONGEST_STATEMENT) + retryDelay),
  });
}

export function sqlTexts({ texts }: RunContext, { statements }: RedshiftWork): string[] {
  return statements.map((pieces) => sqlText(texts, pieces));
}

export function cancelStatements(): PolicyStatement {
  return new PolicyStatement({ actions: ['redshift-data:CancelStatement'], resources: ['*'] }); // has no resource types
}

export function renderLoad(site: JobSite, { object, submission, attemptTimeout, mostAttempts, longest }: Load): WorkFragment {
  const { context, activity, settled } = site;
  const attempts = new Attempts(site);
  const id = activity.objectId;
  const step = (name: string) => stateName(id, name);
  const statement = variableName('id', id);
  const began = variableName('t', id);
  const first = variableName('tf', id);
  const answer = variableName('d', id);

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
  const all = Math.min(context.pipeline._defaults.runTimeout.toSeconds(), longest);
  const share = growth(SHORTEST_WAIT / WAIT_SHARE, all, SHARE.statements / EVENTS_PER_WAIT / context.asking.statements, WAIT_SHARE);
  const attempt = `"/" & ${object} & "/" & $string($${attempts.count})`;
  const asked = `(($millis() - $toMillis($${first})) / 1000)`;
  const states = merged({
    [stateName(id)]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:redshiftdata:batchExecuteStatement'),
      Arguments: submission(`$run & ${attempt}`, `$hash($states.context.Execution.Id & ${attempt}, "SHA-256")`),
      Retry: [TRANSIENT_RETRY],
      Catch: [attempts.catcher()],
      Assign: { [statement]: jsonata('$states.result.Id'), [began]: jsonata(ENTERED), [first]: jsonata(`$${first} = "" ? ${ENTERED} : $${first}`) },
      Output: {},
      Next: step('wait'),
    },
    [step('wait')]: {
      Type: 'Wait',
      Seconds: jsonata(`$max([${SHORTEST_WAIT}, $min([$floor(${asked} * ${share.toFixed(3)})${left}])])`),
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
  }, attempts.states(stateName(id)));
  const asking = [step('wait'), step('describe'), step('outcome?')];
  const waits = 1 / WAIT_SHARE + delaysFor(SHORTEST_WAIT / WAIT_SHARE, all, share);
  context.repeated(Object.fromEntries(asking.map((name) => [name, states[name]])), waits + mostAttempts);
  return { start: stateName(id), states, loops: true, assign: { ...attempts.assign, [first]: '' } };
}

function timedOut(attempts: Attempts, attemptTimeout: number | string, startTime: string): Asl {
  return attempts.failure('"TIMEDOUT"', `"attemptTimeout of " & ${attemptTimeout} & " s passed"`, startTime);
}
