/**
 * A branch of the run that launches and ends a resource whose users are in several branches, so that whatever becomes of a user,
 * a launch that others wait for goes on.
 *
 * It waits until the resource's item in the Run table asks for something: a first launch, a replacement for a resource that died, or
 * the end, when all users have settled. What it then offers (a resource, or the reason why there is none any more) it writes into the
 * item, and wakes who waits for it. See `shared.ts` for the users' side.
 *
 * Under RETRY_ALL it first runs again, on a resource that replaces another, what had finished on that: one activity after the other, in the
 * order of their dependencies. They keep their statuses. Whoever finishes when a replacement has been asked for is not among them: it finds
 * that out, and runs again itself.
 */
import { resourceItem } from '../../contract/table';
import { jsonataString } from '../../expression/value';
import { ActionOnTaskFailure } from '../../resources/resource-failure';
import { Asl, Fragment, jsonata, jsonataObject, jsonataStrings, merged, PATIENT_RETRY, States } from '../asl';
import { Unit } from '../link';
import { stateName, variableName } from '../names';
import { inOrder, resourceOf, retriesAll } from '../sharing';
import { Exit, goTo, RunContext } from './context';
import { Deadline, deadlineFor, isPast, isTerminated } from './deadline';
import { died, Hold, mostLaunches } from './hold';
import { register, TOKEN, update, wake } from './latch';
import { acquire, launchFailure } from './launch';
import { renderAttempts } from './on-resource';
import { release } from './release';
import { ResourceVariables, expired } from './resource-variables';
import { DONE } from './shared';
import { Attempts, JobSite } from './work';
import type { Activity } from '../../activities/activity';
import { TransientResource } from '../work';

/** Statuses of activities that have failed for good. */
const FAILURES = ['FAILED', 'TIMEDOUT'];
/** Greater than the number of any launch: who waits for one, whichever, learns that there is none. */
const NEVER = 1_000_000;

export function manage(context: RunContext, resource: TransientResource, users: readonly Unit[], exit: Exit): Fragment {
  const manager = new Manager(context, resource, users);
  const released = release(context, resource, exit, manager.waits);
  const states = manager.states(released.start);
  context.repeated(states, context.settings(resource._props).maximumRetries + 1);
  return { start: manager.step('begin'), states: merged(states, released.states) };
}

class Manager {
  readonly variables: ResourceVariables;
  /** What the item asks for: `{wanted, settled, waiting, failed}`. */
  readonly asked: string;
  /** Number of the last launch that was asked for and answered. */
  private readonly generation: string;
  /** Why there will be no resource: `{reason, status}`, where `status` is that of an activity that was at work on it. */
  private readonly refusal: string;
  private readonly waiting: string;
  private readonly item: string;

  constructor(private readonly context: RunContext, private readonly resource: TransientResource, private readonly users: readonly Unit[]) {
    const name = (prefix: string) => variableName(prefix, resource.objectId);
    this.variables = new ResourceVariables(resource);
    [this.asked, this.generation, this.refusal, this.waiting] = [name('q'), name('g'), name('no'), name('wk')];
    this.item = resourceItem(resource.objectId);
  }

  /** JSONata of whether a user is left that waits for another. */
  get waits(): string {
    const ids = jsonataStrings(this.users.map(({ id }) => id));
    return `$${this.asked}.waiting or $exists($filter(${ids}, function($id) { $lookup($kept, $id).status = "WAITING_ON_DEPENDENCIES" }))`;
  }

  step(name: string): string {
    return stateName(this.resource.objectId, name);
  }

  states(released: string): Fragment['states'] {
    const { context, resource } = this;
    return merged({
      [this.step('begin')]: this.begin(),
      [this.step('await')]: this.await(),
      [this.step('read')]: this.read(),
      [this.step('wanted?')]: this.decide(released),
      [this.step('publish')]: this.publish(),
    }, acquire({
      context,
      resource,
      step: (name) => this.step(name),
      pause: Math.max(...this.users.map(({ object }) => context.settings('_props' in object ? object._props : {}).retryDelay)),
      concurrency: 'taskConcurrency' in resource._launch ? resource._launch.taskConcurrency : 1,
      launched: retriesAll(resource) ? this.step('again?') : this.step('publish'),
      failed: { assign: this.refused(launchFailure(resource), 'CANCELED'), next: this.step('publish') },
    }), retriesAll(resource) ? this.again() : {},
    wake(context, (name) => this.step(name), this.waiting, this.offer, goTo(this.step('wanted?')).leave));
  }

  /** Who keeps the status of an earlier execution neither asks nor settles. */
  private begin(): Asl {
    const ids = jsonataStrings(this.users.map(({ id }) => id));
    return {
      Type: 'Pass',
      Assign: {
        ...this.variables.initial(this.context.result(this.resource)),
        [this.variables.launch]: 0,
        [this.generation]: 0,
        [this.refusal]: {},
        [this.asked]: { wanted: false, settled: 0, waiting: false, failed: false },
        [this.waiting]: [],
        [this.count]: jsonata(`$count($filter(${ids}, function($id) { $not($exists($lookup($kept, $id))) }))`),
      },
      Output: {},
      Next: this.step('wanted?'),
    };
  }

  private await(): Asl {
    const failures = this.ending ? FAILURES : [];
    const values = { ':manager': { S: TOKEN }, ':users': { N: jsonata(`$string($${this.count})`) } };
    return {
      ...register(this.context, this.item, { assignment: 'manager = :manager, #users = :users', values }, {
        ConditionExpression: [
          'attribute_not_exists(#next)', '(attribute_not_exists(settled) OR settled < :users)', ...failures.map((name) => `attribute_not_exists(#${name})`),
        ].join(' AND '),
        ExpressionAttributeNames: {
          '#next': jsonata(`"wanted" & $string($${this.generation} + 1)`), '#users': 'users', ...Object.fromEntries(failures.map((name) => [`#${name}`, name])),
        },
      }, { again: this.step('await'), otherwise: this.step('read') }),
      Output: {},
      Next: this.step('read'),
    };
  }

  /** While it does not wait, nobody need call it. */
  private read(): Asl {
    const attributes = '$states.result.Attributes';
    const asked = jsonataObject({
      wanted: `$exists($lookup(${attributes}, "wanted" & $string($${this.generation} + 1)))`,
      settled: `$sum([0, $number(${attributes}.settled.N)])`,
      waiting: `$exists(${attributes}.WAITING_ON_DEPENDENCIES)`,
      ...retriesAll(this.resource) ? { done: `[$filter($keys(${attributes}), function($key) { $contains($key, "${DONE}") })]` } : {},
      ...this.ending ? { failed: FAILURES.map((name) => `$exists(${attributes}.${name})`).join(' or ') } : {},
    });
    return {
      ...update(this.context, this.item, 'REMOVE manager', {}),
      Retry: [PATIENT_RETRY],
      Assign: { [this.asked]: jsonata(asked) },
      Output: {},
      Next: this.step('wanted?'),
    };
  }

  private decide(released: string): Asl {
    const { context, asked, generation, variables, resource } = this;
    const { terminateAfter } = resource._launch;
    const result = context.result(resource);
    const wanted = `$${asked}.wanted`;
    // Those that wait for the next launch are told, whether there is one or not.
    const next = { [generation]: jsonata(`$${generation} + 1`) };
    return {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${asked}.settled >= $${this.count} or $exists($${this.refusal}.reason)`), Next: released },
        ...this.ending ? [{
          Condition: jsonata(`$${asked}.failed`),
          Assign: { ...next, ...this.refused(jsonataString(`${resource.objectId} was ended: another activity on it has failed`), 'CANCELED') },
          Next: this.step('publish'),
        }] : [],
        ...isTerminated(resource) ? [this.late(deadlineFor(resource), next)] : [],
        ...terminateAfter ? [{
          Condition: jsonata(`${wanted} and $${generation} > 0 and ${expired(variables, terminateAfter.toMilliseconds())}`),
          Assign: { ...next, ...this.refused(jsonataString(`${resource.objectId}: terminateAfter of ${terminateAfter.toHumanString()} passed`), 'FAILED') },
          Next: this.step('publish'),
        }] : [],
        ...resource._launch.actionOnResourceFailure !== undefined ? [{
          Condition: jsonata(`${wanted} and $${generation} > 0 and $${variables.launch} > ${mostLaunches(context, resource)}`),
          Assign: {
            ...next,
            ...this.refused(jsonataString(died(resource)), 'FAILED'),
            [result]: jsonata(`$merge([$${result}, {"status": "FAILED", "reason": ${jsonataString(died(resource))}, "endTime": $now()}])`),
            [variables.id]: '',
          },
          Next: this.step('publish'),
        }] : [],
        {
          Condition: jsonata(wanted),
          Assign: {
            ...next,
            [variables.id]: '',
            [variables.launch]: jsonata(`$${variables.launch} + 1`),
            [asked]: jsonata(`$merge([$${asked}, {"wanted": false}])`),
          },
          Next: this.step('acquire'),
        },
      ],
      Default: this.step('await'),
    };
  }

  /** From then on there is no resource, whether one was launched or not. */
  private late(deadline: Deadline, next: Asl): Asl {
    const result = this.context.result(this.resource);
    return {
      Condition: jsonata(`$${this.asked}.wanted and ${isPast(deadline)}`),
      Assign: {
        ...next,
        ...this.refused(deadline.reason, 'CANCELED'),
        [result]: jsonata(`$merge([$${result}, {"status": "CANCELED", "reason": ${deadline.reason}, "endTime": $now()}])`),
      },
      Next: this.step('publish'),
    };
  }

  /** What had finished, on the new resource. */
  private again(): States {
    const all: States[] = [];
    const publish = this.step('publish');
    const start = inOrder(this.users.filter((user) => resourceOf(user) === this.resource)).reduceRight((next, { id, object }) => {
      all.push(this.oneAgain(id, object as Activity, next));
      return stateName(id, 'again?');
    }, publish);
    const any: Asl = { Type: 'Choice', Choices: [{ Condition: jsonata(`$count($${this.asked}.done) > 0`), Next: start }], Default: publish };
    return merged({ [this.step('again?')]: any }, ...all);
  }

  /** Its states begin with `<id>: again`. If it fails for good now, there is no resource on which others could go on. */
  private oneAgain(id: string, activity: Activity, next: string): States {
    const { context, resource, generation, asked } = this;
    const { _props } = activity;
    const settings = context.settings(_props);
    const site: JobSite = { context, activity: { objectId: `${id}: again` }, settings, settled: { success: next, failure: this.step('publish') } };
    const attempts = new Attempts(site);
    const failure = `${jsonataString(`${id}, run again on a new ${resource.objectId}, failed: `)} & $${attempts.error}.reason`;
    const hold: Hold = {
      start: stateName(site.activity.objectId),
      states: {},
      assign: attempts.assign,
      id: `$${this.variables.id}`,
      exhausted: { assign: this.refused(failure, 'FAILED'), next: site.settled.failure },
      // Those that wait for this launch wait for the next.
      replace: {
        Assign: { [generation]: jsonata(`$${generation} - 1`), [asked]: jsonata(`$merge([$${asked}, {"wanted": true}])`) }, Default: this.step('wanted?'),
      },
    };
    const steps = renderAttempts(site, activity, activity._work(), attempts, hold, context.attemptTimeout(_props.attemptTimeout));
    context.repeated(steps, (context.settings(resource._props).maximumRetries + 1) * (settings.maximumRetries + 1));
    const finished: Asl = { Condition: jsonata(`${jsonataString(`${DONE}${id}`)} in $${asked}.done`), Assign: hold.assign, Next: hold.start };
    return merged({ [stateName(id, 'again?')]: { Type: 'Choice', Choices: [finished], Default: next } }, steps);
  }

  private publish(): Asl {
    const { generation, waiting } = this;
    const [number, results] = [`$exists($${this.refusal}.reason) ? ${NEVER} : $${generation}`, this.offer];
    return {
      ...update(this.context, this.item, 'SET results = :results, generation = :generation', {
        ':results': { S: jsonata(results) }, ':generation': { N: jsonata(`$string(${number})`) },
      }),
      Retry: [PATIENT_RETRY],
      Assign: { [waiting]: jsonata(`[$distinct($lookup($states.result.Attributes, "waiters" & $string($${generation})).L.S)]`) },
      Output: {},
      Next: this.step('wake'),
    };
  }

  private refused(reason: string, status: 'FAILED' | 'CANCELED'): Asl {
    return { [this.refusal]: jsonata(`{"reason": ${reason}, "status": "${status}"}`) };
  }

  /** JSONata of what users are told, as text. */
  private get offer(): string {
    const { variables, generation, refusal } = this;
    return `$string($exists($${refusal}.reason) ? $merge([$${refusal}, {"generation": ${NEVER}}]) : `
      + `{"generation": $${generation}, "id": $${variables.id}})`;
  }

  /** Whether the first failure ends the resource. */
  private get ending(): boolean {
    return this.resource._launch.actionOnTaskFailure === ActionOnTaskFailure.TERMINATE;
  }

  private get count(): string {
    return variableName('n', this.resource.objectId);
  }
}
