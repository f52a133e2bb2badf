/**
 * The plan as nested states. A branch returns only the results that it adds; what lies upstream is read from variables.
 *
 * Inner scopes read outer variables and never assign them: a resource's variables live in the series that has all its users as
 * direct children, and a parallel node's results come out under a variable of its own.
 */
import { Activity } from '../../activities/activity';
import { EmrCluster } from '../../resources/emr-cluster';
import { Asl, Fragment, jsonata, jsonataObject, States } from '../asl';
import { Unit } from '../link';
import { variableName } from '../names';
import { ParallelPlan, Plan } from '../plan';
import { Exit, goTo, Places, RunContext } from './context';
import { ClusterVariables } from './emr-cluster';
import { release } from './emr-release';
import { renderUnit } from './unit';

export interface Tree {
  readonly start: string;
  readonly states: States;
  /** JSONata of an object with the results of all that the tree holds. */
  readonly results: string;
}

/** The cluster that a unit runs on. */
export function clusterOf(unit: Unit): EmrCluster | undefined {
  const work = unit.object instanceof Activity ? unit.object._work() : undefined;
  return work?.kind === 'emrSteps' ? work.cluster : undefined;
}

/** A cluster whose users are not in one series: nesting cannot say when it ends. */
export class SharedResourceError extends Error {
  constructor(readonly cluster: EmrCluster, sharing: readonly Unit[]) {
    super(`is shared by ${sharing.map(({ id }) => id).join(', ')}, which are not one after the other in one sequence, and that is not there yet; ` +
      'give each of them a cluster, or order them with dependsOn');
    this.name = 'SharedResourceError';
  }
}

export class TreeRenderer {
  constructor(private readonly context: RunContext, private readonly numbers: ParallelNumbers) {}

  render(plan: Plan, exit: Exit): Tree {
    return this.scope(plan, () => exit);
  }

  /** One scope of variables: the root, or a branch. `exit` is told what the scope's results are. */
  private scope(plan: Plan, exit: (results: string) => Exit): Tree {
    const children = plan.kind === 'series' ? plan.children : [plan];
    const results = this.results(children);
    const clusters = users(children);
    const fragments: Fragment[] = [];
    let next = exit(results);
    for (const child of [...children].reverse()) {
      for (const [cluster, its] of clusters) {
        if (its[its.length - 1] !== (child.kind === 'unit' ? child.unit : undefined)) continue;
        const released = release(this.context, cluster, next, its.map(({ object }) => this.context.result(object)));
        fragments.unshift(released);
        next = goTo(released.start);
      }
      const fragment = child.kind === 'parallel' ? this.parallel(child, next) : this.child(child, next, clusters);
      fragments.unshift(fragment);
      next = goTo(fragment.start);
    }
    return { start: next.next, states: Object.assign({}, ...fragments.map(({ states }) => states)) as States, results };
  }

  private number(plan: ParallelPlan): number {
    return this.numbers.get(plan) ?? 0;
  }

  private child(child: Plan, exit: Exit, clusters: ReadonlyMap<EmrCluster, Unit[]>): Fragment {
    if (child.kind !== 'unit') throw new Error('a series in a series: the decomposition is wrong');
    const cluster = clusterOf(child.unit);
    const first = cluster !== undefined && clusters.get(cluster)?.[0] === child.unit;
    const initial = first ? new ClusterVariables(cluster).initial(this.context.result(cluster)) : {};
    return renderUnit({ context: this.context, unit: child.unit, exit, initial, first });
  }

  private parallel(plan: ParallelPlan, exit: Exit): Fragment {
    const number = this.number(plan);
    const name = `Run: parallel ${number}`;
    const branches = plan.children.map((child, index) => this.branch(child, `Run: branch ${number}.${index + 1}`));
    return {
      start: name,
      states: {
        [name]: {
          Type: 'Parallel',
          Arguments: {},
          Branches: branches,
          Assign: { [parallelVariable(number)]: jsonata('$merge($states.result)') },
          Output: {},
          Next: exit.next,
        },
      },
    };
  }

  /** A state that knows how to leave a branch does; the others go to one that does nothing else. */
  private branch(plan: Plan, end: string): Asl {
    const leaving = (results: string): Asl => ({ End: true, Output: jsonata(results) });
    const tree = this.scope(plan, (results) => ({ next: end, leave: leaving(results) }));
    return { StartAt: tree.start, States: { ...tree.states, [end]: { Type: 'Pass', ...leaving(tree.results) } } };
  }

  private results(children: readonly Plan[]): string {
    const own = children.flatMap((child) => child.kind === 'unit' ? objects(child.unit) : []);
    const inner = children.flatMap((child) => child.kind === 'parallel' ? [`$${parallelVariable(this.number(child))}`] : []);
    const object = jsonataObject(Object.fromEntries(own.map((each) => [each.objectId, `$${this.context.result(each)}`])));
    return inner.length ? `$merge([${[object, ...inner].join(', ')}])` : object;
  }
}

/** In the order in which a reader meets them. */
export type ParallelNumbers = ReadonlyMap<Plan, number>;

export function numberParallels(plan: Plan, numbers = new Map<Plan, number>()): ParallelNumbers {
  if (plan.kind === 'parallel') numbers.set(plan, numbers.size + 1);
  if (plan.kind !== 'unit') plan.children.forEach((child) => numberParallels(child, numbers));
  return numbers;
}

function objects(unit: Unit) {
  const cluster = clusterOf(unit);
  return [...unit.preconditions, unit.object, ...(cluster ? [cluster] : [])];
}

function parallelVariable(number: number): string {
  return `p_${number}`;
}

/** The clusters of a scope, with their users in order. */
function users(children: readonly Plan[]): Map<EmrCluster, Unit[]> {
  const clusters = new Map<EmrCluster, Unit[]>();
  for (const child of children) {
    const cluster = child.kind === 'unit' ? clusterOf(child.unit) : undefined;
    if (cluster && child.kind === 'unit') clusters.set(cluster, [...clusters.get(cluster) ?? [], child.unit]);
  }
  return clusters;
}

/** Where each unit lies, so that any other can read its result. */
export function placesOf(plan: Plan, numbers: ParallelNumbers): Places {
  const paths = new Map<string, number[]>();
  const visit = (each: Plan, path: number[]): void => {
    if (each.kind === 'unit') return void paths.set(each.unit.id, path);
    if (each.kind === 'series') return each.children.forEach((child) => visit(child, path));
    each.children.forEach((child) => visit(child, [...path, numbers.get(each) ?? 0]));
  };
  visit(plan, []);
  return (reader, object) => {
    const [from, to] = [paths.get(reader) ?? [], paths.get(object) ?? []];
    const shared = to.findIndex((number, index) => from[index] !== number);
    return shared < 0 ? `$${variableName('r', object)}` : `$lookup($${parallelVariable(to[shared])}, ${JSON.stringify(object)})`;
  };
}

/** Throws unless all users of each cluster are direct children of one series. */
export function checkSharing(plan: Plan, units: readonly Unit[]): void {
  const scopes: Plan[][] = [];
  const visit = (each: Plan): void => {
    if (each.kind === 'parallel') return each.children.forEach((child) => { scopes.push(scopeOf(child)); visit(child); });
    if (each.kind === 'series') each.children.forEach(visit);
  };
  scopes.push(scopeOf(plan));
  visit(plan);
  const all = users(units.map((unit) => ({ kind: 'unit', unit })));
  for (const [cluster, its] of all) {
    const together = scopes.some((scope) => (users(scope).get(cluster) ?? []).length === its.length);
    if (!together) throw new SharedResourceError(cluster, its);
  }
}

function scopeOf(plan: Plan): Plan[] {
  return plan.kind === 'series' ? [...plan.children] : [plan];
}
