/**
 * Which clusters their users cannot hand on from state to state.
 *
 * Where all users of a cluster are in one sequence, the first launches it, and variables of the sequence carry it to the last.
 * Any other cluster is shared through the Run table, and so is one that is ended at a deadline, or has a user that is: a branch that
 * is ended could not tell what it knows of a cluster.
 */
import { Unit } from './link';
import { Plan, plan } from './plan';
import { deadlineOf, isTerminated } from './render/deadline';
import { Activity } from '../activities/activity';
import { EmrCluster } from '../resources/emr-cluster';
import { ActionOnResourceFailure } from '../resources/resource-failure';

/** Clusters that are shared through the Run table, with their users. */
export type SharedClusters = ReadonlyMap<EmrCluster, readonly Unit[]>;

/** The cluster that a unit runs on. */
export function clusterOf(unit: Unit): EmrCluster | undefined {
  const work = unit.object instanceof Activity ? unit.object._work() : undefined;
  return work?.kind === 'emrSteps' ? work.cluster : undefined;
}

/** Those whose users are not all in one sequence, or have a deadline, or are so many that others do their steps. */
export function sharedClusters(whole: Plan): SharedClusters {
  const sequences = sequencesOf(whole).map((members) => members.flatMap(unitOf));
  const sequenceOf = new Map(sequences.flatMap((members) => members.map((unit) => [unit, members] as const)));
  const users = usersOf(sequences.flat());
  const apart = (its: readonly Unit[]) => its.some((unit) => deadlineOf(unit) || sequenceOf.get(unit) !== sequenceOf.get(its[0]));
  return new Map([...users].filter(([cluster, its]) => cluster._activityMachine !== undefined || isTerminated(cluster) || apart(its)));
}

/** Clusters with their users, in the order of the units. */
export function usersOf(units: readonly Unit[]): Map<EmrCluster, Unit[]> {
  const clusters = new Map<EmrCluster, Unit[]>();
  for (const unit of units) {
    const cluster = clusterOf(unit);
    if (cluster) clusters.set(cluster, [...clusters.get(cluster) ?? [], unit]);
  }
  return clusters;
}

/** A run can go back to the first of those that come one right after the other only. `units` must have no cycle. */
export function sharingProblems(units: readonly Unit[]): string[] {
  const again = [...usersOf(units)].filter(([{ _launch }]) => _launch.actionOnResourceFailure === ActionOnResourceFailure.RETRY_ALL);
  if (again.length === 0) return [];
  const sequences = sequencesOf(plan(units)).map((members) => members.map((member) => unitOf(member)[0]));
  return again.filter(([cluster, its]) => isTerminated(cluster) || its.some(deadlineOf)
    || !sequences.some((members) => areNeighbours(members, its))).map(([cluster, its]) => (
    `${cluster.node.path}: actionOnResourceFailure: RETRY_ALL runs all activities on a cluster again when it dies, those that have finished too, and `
    + 'none can once others have gone on with what it made: so they must come one right after the other in one sequence, without a Terminate; '
    + `got: ${its.map(({ id }) => id).join(', ')}; order them with dependsOn, give each a cluster, or leave it out, and what has not finished `
    + 'runs on a new cluster'
  ));
}

function areNeighbours(members: ReadonlyArray<Unit | undefined>, its: readonly Unit[]): boolean {
  const positions = its.map((unit) => members.indexOf(unit));
  return Math.min(...positions) >= 0 && Math.max(...positions) - Math.min(...positions) === its.length - 1;
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

function unitOf(member: Plan): Unit[] {
  return member.kind === 'unit' ? [member.unit] : [];
}
