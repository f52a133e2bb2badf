/**
 * Which resources their users cannot hand on from state to state.
 *
 * Where all users of a resource are in one sequence, the first launches it, and variables of the sequence carry it to the last.
 * Any other resource is shared through the Run table, and so is one that is ended at a deadline, or has a user that is: a branch that
 * is ended could not tell what it knows of a resource; one with RETRY_ALL and several users, since a state that has led on to the next
 * user cannot be gone back to without settling its object twice; and one that preconditions are checked on, which has no state of the plan.
 */
import { Unit } from './link';
import { Plan } from './plan';
import { deadlineOf, isTerminated } from './render/deadline';
import { Check, EmrWork, TaskRunnerWork, TransientResource, Work } from './work';
import { Activity } from '../activities/activity';
import type { Precondition } from '../preconditions/precondition';
import { Ec2Resource } from '../resources/ec2-resource';
import type { EmrCluster } from '../resources/emr-cluster';
import { ActionOnResourceFailure } from '../resources/resource-failure';

/** Resources that are shared through the Run table, with their users. */
export type SharedResources = ReadonlyMap<TransientResource, readonly Unit[]>;

/** The resource that the work of a unit runs on. */
export function resourceOf({ object }: Pick<Unit, 'object'>): TransientResource | undefined {
  return object instanceof Activity ? resourceOfWork(object._work()) : undefined;
}

export function resourceOfWork(work: EmrWork): EmrCluster;
export function resourceOfWork(work: TaskRunnerWork): Ec2Resource | undefined;
export function resourceOfWork(work: Work | Check): TransientResource | undefined;
export function resourceOfWork(work: Work | Check): TransientResource | undefined {
  switch (work.kind) {
    case 'emrSteps': return work.cluster;
    case 'taskRunner': return work.host instanceof Ec2Resource ? work.host : undefined;
    default: return undefined;
  }
}

/** The resource that a precondition is checked on. */
export function resourceOfCheck(precondition: Precondition): TransientResource | undefined {
  return resourceOfWork(precondition._check());
}

/** All that a unit runs on, with its preconditions that are checked there. */
export function usesOf(unit: Unit): Map<TransientResource, Precondition[]> {
  const own = resourceOf(unit);
  const uses = new Map<TransientResource, Precondition[]>(own ? [[own, []]] : []);
  for (const precondition of unit.preconditions) {
    const resource = resourceOfCheck(precondition);
    if (resource) uses.set(resource, [...uses.get(resource) ?? [], precondition]);
  }
  return uses;
}

/** Those whose users are not all in one sequence, or have a deadline, or are so many that others do their steps; `units` as they are defined. */
export function sharedResources(whole: Plan, units: readonly Unit[]): SharedResources {
  const sequences = sequencesOf(whole).map((members) => members.map((member) => unitOf(member)));
  const apart = ([resource, its]: [TransientResource, Unit[]]) => its.some((unit) => deadlineOf(unit) || usesOf(unit).get(resource)!.length > 0)
    || retriesAll(resource) && its.length > 1
    || !sequences.some((members) => its.every((unit) => members.includes(unit)));
  return new Map([...usersOf(units)].filter((each) => each[0]._activityMachine !== undefined || isTerminated(each[0]) || apart(each)));
}

/** Whether all activities on it run again when it dies. */
export function retriesAll({ _launch }: TransientResource): boolean {
  return _launch.actionOnResourceFailure === ActionOnResourceFailure.RETRY_ALL;
}

/** Resources with their users, in the order of the units. */
export function usersOf(units: readonly Unit[]): Map<TransientResource, Unit[]> {
  const resources = new Map<TransientResource, Unit[]>();
  for (const unit of units) {
    for (const resource of usesOf(unit).keys()) resources.set(resource, [...resources.get(resource) ?? [], unit]);
  }
  return resources;
}

/** Each after those that it waits for, directly or not. */
export function inOrder(units: readonly Unit[]): Unit[] {
  const visited = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (visited.has(unit)) return;
    unit.after.forEach(visit);
    visited.add(unit);
  };
  units.forEach(visit);
  return [...visited].filter((unit) => units.includes(unit));
}

/** What stands one after the other in each scope of variables: the root's, and each branch's. */
function sequencesOf(whole: Plan): Plan[][] {
  const own: Plan[] = [];
  const inner: Plan[][] = [];
  const visit = (each: Plan): void => {
    if (each.kind === 'series') return each.children.forEach(visit);
    own.push(each);
    if (each.kind === 'parallel') inner.push(...each.children.flatMap(sequencesOf));
    if (each.kind === 'prime') inner.push(...each.chains.flatMap((children) => sequencesOf({ kind: 'series', children })));
  };
  visit(whole);
  return [own, ...inner];
}

function unitOf(member: Plan): Unit | undefined {
  return member.kind === 'unit' ? member.unit : undefined;
}
