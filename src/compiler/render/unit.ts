/**
 * One unit: `ready?`, its preconditions, its work, and the settling of whatever came of it.
 *
 * Every way through a unit assigns the result of the unit and of each of its preconditions, so that whoever comes after can read
 * them; and no way leads out of it by an error.
 */
import { DataNode } from '../../data-nodes/data-node';
import type { PipelineObject } from '../../pipeline-object';
import { Precondition } from '../../preconditions/precondition';
import { Asl, Fragment, jsonata, merged, States } from '../asl';
import { OwnUnit, propsOf, Unit } from '../link';
import { stateName } from '../names';
import { resourceOfCheck, resourceOfWork } from '../sharing';
import { cascades, cascadesWhenCanceled } from './cascade';
import { renderChild } from './child';
import { Exit, goTo, RunContext, Settings } from './context';
import { canceled, Deadline, deadlineOf, isPast, race } from './deadline';
import { endSteps } from './emr-end';
import { EndFragment, endWork } from './end-work';
import { HandedOver, handOver, outputOf, statusesOf } from './hand-over';
import { renderOnResource, Use } from './on-resource';
import { Guard, inOrder, readyVariable, renderPrecondition } from './precondition';
import { renderRedshift } from './redshift';
import { CAUGHT_STATUS, ENTERED, kept, untried } from './result';
import { Settlement } from './settle';
import { renderQueued } from './task-runner';
import { WorkFragment, WorkSite } from './work';
import { Activity } from '../../activities/activity';
import { jsonataString } from '../../expression/value';
import { executions, statements } from '../reap/kinds';

export interface UnitSite {
  readonly context: RunContext;
  readonly unit: OwnUnit;
  readonly exit: Exit;
  /** Where it goes when it has settled; one that keeps the status of an earlier execution does not settle again. */
  readonly settledExit: Exit;
  /** Assigned when the unit is looked at, whatever becomes of it: the variables of resources whose first user it is. */
  readonly initial: Asl;
  /** How it comes by its cluster, where its own states run on one. */
  readonly use: Use;
  /** Who does its work, where its own states do not. */
  readonly handedOver?: HandedOver;
}

export function renderUnit(site: UnitSite): Fragment {
  const { context, unit, settledExit: exit } = site;
  const settings = context.settings(propsOf(unit));
  const exits = { success: exit, failure: exit };
  const settled = new Settlement(context, unit.object, settings, exits, others(context, unit, settings), site.handedOver !== undefined);
  const deadline = deadlineOf(unit);
  const work = unit.object instanceof Activity ? renderUntil(site, unit.object, settings, settled, deadline) : gate(settled);
  const before: Ways = work.whenHeld ? { failure: work.start, held: work.start } : settled;
  const checks = renderPreconditions(site, before, work.start, deadline);
  const ready = stateName(unit.id, 'ready?');
  const first = { [ready]: readyState(site, before, checks, work.assign, deadline) };
  return { start: ready, states: merged(first, checks.states, work.states, settled.states) };
}

/** Where a unit goes that is held back. */
type Ways = Pick<Settlement, 'failure' | 'held'>;

/** What settles with the unit: the data nodes that it writes, and preconditions, which may not have been checked. */
function others(context: RunContext, unit: OwnUnit, settings: Settings): Record<string, string> {
  const status = `$${context.result(unit.object)}.status`;
  const ifCanceled = cascadesWhenCanceled(context, unit) ? ` : ${status} = "CANCELED" ? "CASCADE_FAILED"` : '';
  const output = Object.entries(outputOf(unit, settings)).map(([id, otherwise]) => (
    [id, `${status} in ["FINISHED", "WAITING_ON_DEPENDENCIES"] ? ${status}${ifCanceled} : "${otherwise}"`]));
  return { ...Object.fromEntries(output) as Record<string, string>, ...statusesOf(unit, context) };
}

/** A data node with preconditions has no work: it is FINISHED when they hold. */
function gate(settled: Settlement): WorkFragment {
  return { start: settled.success, states: {}, assign: {} };
}

/** Work that is ended at its deadline, if there is one. */
function renderUntil(site: UnitSite, activity: Activity, settings: Settings, settled: Settlement, deadline?: Deadline): WorkFragment {
  const { context } = site;
  const inside = deadline ? context.inner() : context;
  const work = renderWork({ ...site, context: inside }, activity, settings, settled);
  if (work.loops) context.repeated(work.states, settings.maximumRetries + 1);
  if (!deadline) return work;
  const begin = stateName(activity.objectId, 'begin');
  const begun: States = Object.keys(work.assign).length ? { [begin]: { Type: 'Pass', Assign: work.assign, Output: {}, Next: work.start } } : {};
  const end = renderEnd(context, activity, settled.failure);
  const raced = race({
    context,
    inside,
    object: activity,
    ways: [settled.success, settled.failure].map((next) => ({ next, results: [activity] })),
    deadline,
    assign: { [context.result(activity)]: canceled(deadline, 1, ENTERED), ...end.assign },
    next: end.start,
  }, { start: Object.keys(begun)[0] ?? work.start, states: merged(begun, work.states) });
  return { start: raced.start, states: merged(raced.states, end.states), assign: {} };
}

/** What ends the work that is not ended with its task. */
function renderEnd(context: RunContext, activity: Activity, next: string): EndFragment {
  const work = activity._work();
  const id = activity.objectId;
  switch (work.kind) {
    case 'stateMachine': {
      const { stateMachine } = work;
      return endWork(context, id, executions(stateMachine, context.texts.literal(stateMachine.stateMachineArn), context.partition), next);
    }
    case 'redshiftData': return endWork(context, id, statements(context.partition, `$run & ${jsonataString(`/${id}/`)}`), next);
    case 'emrSteps': return endSteps(context, activity, work, next);
    case 'taskRunner': return { start: next, states: {}, assign: {} };
  }
}

function renderWork(site: UnitSite, activity: Activity, settings: Settings, settled: Settlement): WorkFragment {
  const { context, unit } = site;
  const work = activity._work();
  const workSite: WorkSite = { context, activity, settings, settled };
  const attemptTimeout = context.attemptTimeout(activity._props.attemptTimeout);
  if (site.handedOver) return handOver(workSite, unit, site.handedOver, attemptTimeout);
  switch (work.kind) {
    case 'emrSteps': return renderOnResource(workSite, work.cluster, site.use, attemptTimeout);
    case 'stateMachine': return renderChild(workSite, work);
    case 'redshiftData': return renderRedshift(workSite, work, attemptTimeout);
    case 'taskRunner': {
      const resource = resourceOfWork(work);
      return resource ? renderOnResource(workSite, resource, site.use, attemptTimeout) : renderQueued(workSite, work, attemptTimeout);
    }
  }
}

function readyState(site: UnitSite, settled: Ways, checks: Fragment, assign: Asl, deadline?: Deadline): Asl {
  const { context, unit, exit, initial } = site;
  const results = (own: unknown, preconditions: unknown): Asl => ({
    ...initial,
    ...Object.fromEntries(unit.preconditions.map((precondition) => [context.result(precondition), preconditions])),
    [context.result(unit.object)]: own,
  });
  const timed = unit.preconditions.some(({ _props }) => _props.preconditionTimeout);
  const begun: Asl = {
    ...initial,
    ...assign,
    ...(unit.object instanceof DataNode ? { [context.result(unit.object)]: finishedGate() } : {}),
    ...(timed ? { [readyVariable(unit.id)]: jsonata('$toMillis($states.context.State.EnteredTime)') } : {}),
  };
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata(`$exists(${kept(unit.id)})`),
        Assign: {
          ...initial,
          // A precondition that its definition did not have then is as what it guards.
          ...Object.fromEntries(unit.preconditions.map((precondition) => [
            context.result(precondition), jsonata(`$merge([${kept(unit.id)}, ${kept(precondition.objectId)}])`),
          ])),
          [context.result(unit.object)]: jsonata(kept(unit.id)),
        },
        Next: exit.next,
      },
      ...heldBack(site).map(({ condition, status, preconditions, reason }) => ({
        Condition: jsonata(condition),
        Assign: results(untried(status, reason), untried(preconditions)),
        Next: status === 'CASCADE_FAILED' ? settled.failure : settled.held,
      })),
      ...deadline ? [{
        Condition: jsonata(isPast(deadline)),
        Assign: results(canceled(deadline, 0), untried('CANCELED')),
        Next: settled.failure,
      }] : [],
    ],
    Assign: begun,
    Default: checks.start,
  };
}

function finishedGate(): Asl {
  return { status: 'FINISHED', attempts: 1 };
}

interface HeldBack {
  readonly condition: string;
  readonly status: 'CASCADE_FAILED' | 'WAITING_ON_DEPENDENCIES';
  readonly preconditions: 'CANCELED' | 'WAITING_ON_DEPENDENCIES';
  readonly reason: string;
}

/** By the failed object's mode, or its resource's, its consumers cascade, or stay. */
function heldBack({ context, unit }: UnitSite): HeldBack[] {
  const statuses = new Map(unit.after.map((other) => [other, `${context.places(unit.id, other.id)}.status`]));
  const status = (other: Unit) => statuses.get(other) as string;
  const waitsFor = reasonOf(unit.after.map((other) => ({ id: other.id, status: status(other) })));
  const cascading = unit.after.flatMap((other) => cascades(context, other, status(other)) ?? []);
  const held: HeldBack[] = [];
  if (cascading.length) held.push({ condition: cascading.join(' or '), status: 'CASCADE_FAILED', preconditions: 'CANCELED', reason: waitsFor });
  if (unit.after.length) {
    const condition = unit.after.map((other) => `$not(${status(other)} = "FINISHED")`).join(' or '); // `!=` holds of nothing that is missing
    held.push({ condition, status: 'WAITING_ON_DEPENDENCIES', preconditions: 'WAITING_ON_DEPENDENCIES', reason: waitsFor });
  }
  return held;
}

/** JSONata of which dependencies have not finished. One alone has not. */
function reasonOf(dependencies: ReadonlyArray<{ readonly id: string; readonly status: string }>): string {
  const reasons = dependencies.map(({ id, status }) => ({ status, text: `${jsonataString(`${id} is `)} & ${status}` }));
  if (reasons.length === 1) return reasons[0].text;
  return `$join([${reasons.map(({ status, text }) => `${status} != "FINISHED" ? ${text}`).join(', ')}], ", ")`;
}

/** One after the other, so that a run's history holds few polls at a time. */
function renderPreconditions(site: UnitSite, settled: Ways, work: string, deadline?: Deadline): Fragment {
  const { context, unit } = site;
  const ordered = inOrder(unit.preconditions);
  const all: States[] = [];
  const start = ordered.reduceRight((next, precondition, index) => {
    const unchecked = ordered.slice(index + 1);
    const fragment = renderPrecondition(context, precondition, {
      holds: goTo(next),
      ...afterFailure(site, settled, precondition, unchecked),
      ...cascadesFor(context, precondition) ? { canceled: afterFailure(site, settled, precondition, unchecked, { cascade: true }) } : {},
      ready: `$${readyVariable(unit.id)}`,
      until: deadline && { deadline, ...whenLate(site, settled, precondition, unchecked, deadline) },
    });
    all.push(fragment.states);
    return fragment.start;
  }, work);
  return { start, states: merged(...all) };
}

/** A precondition that fails holds back what it guards as a failed dependency would. */
function afterFailure(
  { context, unit }: UnitSite, settled: Ways, precondition: Precondition, unchecked: readonly Precondition[],
  { cascade }: Pick<Settings, 'cascade'> = context.settings(precondition._props),
): Pick<Guard, 'fails' | 'onFailure'> {
  const status = resourceOfCheck(precondition) ? `$${context.result(precondition)}.status` : CAUGHT_STATUS;
  const reason = `${jsonataString(`${precondition.objectId} is `)} & ${status}`;
  return {
    fails: goTo(cascade ? settled.failure : settled.held),
    onFailure: new Map<PipelineObject, object | string>([
      [unit.object, untried(cascade ? 'CASCADE_FAILED' : 'WAITING_ON_DEPENDENCIES', reason)],
      ...unchecked.map((other) => [other, untried(cascade ? 'CANCELED' : 'WAITING_ON_DEPENDENCIES')] as const),
    ]),
  };
}

/** Whether the resource that it is checked on says so. */
function cascadesFor(context: RunContext, precondition: Precondition): boolean {
  const resource = resourceOfCheck(precondition);
  return resource !== undefined && context.settings(resource._props).cascade;
}

/** A precondition that is still asked for at the deadline of what it guards is CANCELED with it. */
function whenLate({ context, unit }: UnitSite, settled: Ways, asked: Precondition, unchecked: readonly Precondition[], deadline: Deadline) {
  return {
    assign: {
      [context.result(asked)]: canceled(deadline, 1, ENTERED),
      [context.result(unit.object)]: canceled(deadline, 0),
      ...Object.fromEntries(unchecked.map((other) => [context.result(other), untried('CANCELED')])),
    },
    next: settled.failure,
  };
}
