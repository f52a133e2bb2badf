/**
 * How an activity uses a resource that is shared across branches: `acquire` asks its manager for it (see `manager.ts`) and waits until
 * it is there; `leave` says that the activity has settled, in whatever way.
 */
import { resourceItem } from '../../contract/table';
import { ActionOnTaskFailure } from '../../resources/resource-failure';
import { ANY_ERROR, Asl, Fragment, jsonata, PATIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { retriesAll } from '../sharing';
import { TransientResource } from '../work';
import { Exit, RunContext } from './context';
import { Hold } from './hold';
import { answer, CONDITION_FAILED, register, TOKEN, update } from './latch';
import { CAUGHT_REASON, untried } from './result';
import { adding } from './set';
import { Attempts, JobSite } from './work';

/** `own` is the user's id as a field. A check is made until it holds: it is neither repeated for a new resource, nor to blame for the end of one. */
export function sharedHold(site: JobSite, resource: TransientResource, attempts: Attempts, own: string, use: 'work' | 'check' = 'work'): Hold {
  const { context, activity, settings, settled } = site;
  const step = (name: string) => stateName(activity.objectId, name);
  const [offer, wanted] = [variableName('x', activity.objectId), variableName('g', activity.objectId)];
  const item = resourceItem(resource.objectId);
  const result = context.result(activity);
  const token = adding('#waiters', TOKEN);
  const told = `$${offer}.generation >= $${wanted}`;
  const refused = attempts.lost(`$${offer}.reason`, `$${offer}.status`);
  // A failure of another ends the resource: an attempt that fails with it is not to blame.
  const ending = use === 'work' && resource._launch.actionOnTaskFailure === ActionOnTaskFailure.TERMINATE;
  const again = use === 'work' && retriesAll(resource);
  const replace = { Assign: { [wanted]: jsonata(`$${offer}.generation + 1`) }, Default: step('acquire') };
  return {
    start: step('acquire'),
    id: `$${offer}.id`,
    assign: { [wanted]: 1 },
    ...ending ? { exhausted: { assign: { [attempts.count]: jsonata(`$${attempts.count} + 1`) }, next: step('acquire') } } : {},
    replace,
    ...again ? { finished: step('done') } : {},
    states: {
      ...again ? { [step('done')]: done(site, resource, `$${offer}.generation`, { Assign: replace.Assign, Next: replace.Default }) } : {},
      [step('acquire')]: {
        ...update(context, item, 'SET #wanted = :me', { ':me': { S: own } }, {
          ExpressionAttributeNames: { '#wanted': jsonata(`"wanted" & $string($${wanted})`) },
        }),
        Retry: [PATIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: untried('CANCELED', CAUGHT_REASON) }, Next: settled.failure }],
        Assign: {
          [offer]: jsonata('$merge([{"generation": 0, "read": true}, $exists($states.result.Attributes.results.S) ? $parse($states.result.Attributes.results.S) : {}, '
            + '{"manager": $states.result.Attributes.manager.S}])'),
        },
        Output: {},
        Next: step('acquired?'),
      },
      [step('acquired?')]: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`${told} and $exists($${offer}.reason)`), Assign: { [result]: jsonata(refused) }, Next: settled.failure },
          ...ending ? [{ Condition: jsonata(`$${attempts.count} - 1 > ${settings.maximumRetries}`), Next: settled.failure }] : [],
          // A resource that was there may have died since.
          { Condition: jsonata(`${told} and $exists($${offer}.read)`), Next: step('check resource') },
          { Condition: jsonata(told), Next: stateName(activity.objectId) },
          { Condition: jsonata(`$exists($${offer}.manager)`), Next: step('call') },
        ],
        Default: step('await'),
      },
      [step('call')]: {
        ...answer(context, `$${offer}.manager`, '"{}"'), Catch: [{ ErrorEquals: ANY_ERROR, Next: step('await') }], Output: {}, Next: step('await'),
      },
      [step('await')]: {
        ...register(context, item, { ...token, values: { ...token.values, ':wanted': { N: jsonata(`$string($${wanted})`) } } }, {
          ConditionExpression: 'attribute_not_exists(generation) OR generation < :wanted',
          ExpressionAttributeNames: { '#waiters': jsonata(`"waiters" & $string($${wanted})`) },
        }, { again: step('await'), otherwise: step('acquire') }),
        Assign: { [offer]: jsonata('$merge([{"generation": 0}, $states.result])') },
        Output: {},
        Next: step('acquired?'),
      },
    },
  };
}

/** What the ids of those are marked with in the item that run again when the resource dies. */
export const DONE = 'done#';

/**
 * Counts the activity among those that run again when the resource dies. If somebody has asked for another resource meanwhile, those are known
 * already: it runs `again` itself, as if it had been at work.
 */
function done({ context, activity, settled }: JobSite, resource: TransientResource, generation: string, again: Asl): Asl {
  return {
    ...update(context, resourceItem(resource.objectId), 'SET #done = :one', { ':one': { N: '1' } }, {
      ConditionExpression: 'attribute_not_exists(#next) OR attribute_exists(#done)',
      ExpressionAttributeNames: { '#done': `${DONE}${activity.objectId}`, '#next': jsonata(`"wanted" & $string(${generation} + 1)`) },
    }),
    Retry: [{ ErrorEquals: [CONDITION_FAILED], MaxAttempts: 0 }, PATIENT_RETRY],
    Catch: [{ ErrorEquals: [CONDITION_FAILED], ...again }, { ErrorEquals: ANY_ERROR, Next: settled.success }],
    Output: {},
    Next: settled.success,
  };
}

/** Who leaves: `mark` is a field that no other user leaves in the item. */
export interface User {
  readonly objectId: string;
  readonly mark: string;
}

/** JSONata, or text, of the mark of an activity. */
export const MARK = 'left#';

/** The last to leave calls the manager, which ends the resource, and so does one that has failed where that ends it. One whose answer was lost has left; the manager looks again by itself. */
export function leave(context: RunContext, resource: TransientResource, user: User, exit: Exit): Fragment {
  const step = (name: string) => stateName(user.objectId, name);
  const manager = variableName('k', user.objectId);
  const attributes = '$states.result.Attributes';
  const ends = resource._launch.actionOnTaskFailure === ActionOnTaskFailure.TERMINATE ? ` or $exists(${attributes}.FAILED) or $exists(${attributes}.TIMEDOUT)` : '';
  const left: Asl = {
    ...update(context, resourceItem(resource.objectId), 'ADD settled :one, #status :one SET #me = :one', { ':one': { N: '1' } }, {
      ConditionExpression: 'attribute_not_exists(#me)',
      ExpressionAttributeNames: { '#me': user.mark, '#status': jsonata(`$${context.result(user)}.status`) },
    }),
    Retry: [{ ErrorEquals: [CONDITION_FAILED], MaxAttempts: 0 }, PATIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }],
    Assign: { [manager]: jsonata(`(${attributes}.settled.N = ${attributes}.users.N${ends} ? ${attributes}.manager.S) & ""`) },
    Output: {},
    Next: step('last?'),
  };
  return {
    start: step('leave'),
    states: {
      [step('leave')]: left,
      [step('last?')]: { Type: 'Choice', Choices: [{ Condition: jsonata(`$${manager} = ""`), Next: exit.next }], Default: step('dismiss') },
      [step('dismiss')]: { ...answer(context, `$${manager}`, '"{}"'), Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }], Output: {}, ...exit.leave },
    },
  };
}
