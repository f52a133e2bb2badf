/**
 * Which clusters their users cannot hand on from state to state.
 *
 * Where all users of a cluster are in one sequence, the first launches it, and variables of the sequence carry it to the last.
 * Any other cluster is shared through the Run table.
 */
import { Unit } from './link';
import { Plan } from './plan';
import { Activity } from '../activities/activity';
import { EmrCluster } from '../resources/emr-cluster';

/** Clusters that are shared through the Run table, with their users. */
export type SharedClusters = ReadonlyMap<EmrCluster, readonly Unit[]>;

/** The cluster that a unit runs on. */
export function clusterOf(unit: Unit): EmrCluster | undefined {
  const work = unit.object instanceof Activity ? unit.object._work() : undefined;
  return work?.kind === 'emrSteps' ? work.cluster : undefined;
}

/** `apart`: units whose work has variables of its own, so that it can assign none of its sequence. */
export function sharedClusters(plan: Plan, apart: (unit: Unit) => boolean = () => false): SharedClusters {
  const sequences = sequencesOf(plan);
  const sequenceOf = new Map(sequences.flatMap((members) => members.map((unit) => [unit, members] as const)));
  const users = usersOf(sequences.flat());
  return new Map([...users].filter(([, its]) => its.some(apart) || its.some((unit) => sequenceOf.get(unit) !== sequenceOf.get(its[0]))));
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

/** The units of each scope of variables: the root's, and each branch's. */
function sequencesOf(plan: Plan): Unit[][] {
  const own: Unit[] = [];
  const inner: Unit[][] = [];
  const visit = (each: Plan): void => {
    if (each.kind === 'unit') own.push(each.unit);
    if (each.kind === 'series') each.children.forEach(visit);
    if (each.kind === 'parallel') inner.push(...each.children.flatMap(sequencesOf));
    if (each.kind === 'prime') inner.push(...each.chains.flatMap((children) => sequencesOf({ kind: 'series', children })));
  };
  visit(plan);
  return [own, ...inner];
}
