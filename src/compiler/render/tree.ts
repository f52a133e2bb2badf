/**
 * The plan as nested states. A branch returns only the results that it adds; what lies upstream is read from variables.
 *
 * Inner scopes read outer variables and never assign them: a resource's variables live in the series that has all its users as
 * direct children, and a parallel node's results come out under a variable of its own. A resource that has no such series has a
 * branch of its own beside the plan.
 */
import { jsonataString } from '../../expression/value';
import type { PipelineObject } from '../../pipeline-object';
import { Asl, Fragment, jsonata, jsonataObject, merged, States } from '../asl';
import { Elsewhere } from '../elsewhere';
import { isOwn, OwnUnit, Unit } from '../link';
import { stateName, variableName } from '../names';
import { ParallelPlan, Plan, PrimePlan, UnitPlan } from '../plan';
import { resourceOf, SharedResources, usersOf, usesOf } from '../sharing';
import { TransientResource } from '../work';
import { Chain, Entrance, knownVariable, Link } from './chain';
import { Exit, goTo, Places, RunContext } from './context';
import { awaitElsewhere, tellElsewhere } from './elsewhere';
import { handedOverOf } from './hand-over';
import { manage } from './manager';
import { release } from './release';
import { ResourceVariables } from './resource-variables';
import { leave, MARK } from './shared';
import { renderUnit } from './unit';

export interface Tree {
  readonly start: string;
  readonly states: States;
  /** JSONata of an object with the results of all that the tree holds. */
  readonly results: string;
}

/** What follows another in one scope. */
type Element = UnitPlan | BranchingPlan | Linking;
type BranchingPlan = ParallelPlan | PrimePlan;
interface Linking { readonly kind: 'link'; readonly chain: Chain; readonly link: Link }

export class TreeRenderer {
  /** `told` are the ids of activities that other schedules wait for. */
  constructor(
    private readonly context: RunContext, private readonly numbers: Numbers, private readonly shared: SharedResources,
    private readonly told: ReadonlySet<string>,
  ) {}

  /** Beside the plan, a branch for each resource that is shared across branches. */
  render(plan: Plan, exit: Exit): Tree {
    if (this.shared.size === 0) return this.scope(elements(plan), () => exit);
    const managers = [...this.shared].map(([resource, its]) => this.manager(resource, its));
    const { start, states } = this.parallel(0, [this.branch(elements(plan), 'Run: branch 0.1'), ...managers], exit);
    return { start, states, results: `$${branchingVariable(0)}` };
  }

  private manager(resource: TransientResource, its: readonly Unit[]): Asl {
    const end = stateName(resource.objectId, 'end');
    const ending = { End: true, Output: jsonata(jsonataObject({ [resource.objectId]: `$${this.context.result(resource)}` })) };
    const { start, states } = manage(this.context, resource, its, { next: end, leave: ending });
    return { StartAt: start, States: merged(states, { [end]: { Type: 'Pass', ...ending } }) };
  }

  /** One scope of variables: the root, or a branch. `exit` is told what the scope's results are. */
  private scope(members: readonly Element[], exit: (results: string) => Exit): Tree {
    const results = this.results(members);
    const resources = this.inlineResources(members);
    const fragments: Fragment[] = [];
    let next = exit(results);
    for (const member of [...members].reverse()) {
      for (const [resource, its] of resources) {
        if (its[its.length - 1] !== (member.kind === 'unit' ? member.unit : undefined)) continue;
        const waiting = its.map(({ object }) => `$${this.context.result(object)}.status = "WAITING_ON_DEPENDENCIES"`).join(' or ');
        const released = release(this.context, resource, next, waiting);
        fragments.unshift(released);
        next = goTo(released.start);
      }
      const fragment = this.element(member, next, resources);
      fragments.unshift(fragment);
      next = { ...goTo(fragment.start), ...fragment.leave ? { leave: fragment.leave } : {} };
    }
    return { start: next.next, states: merged(...fragments.map(({ states }) => states)), results };
  }

  private element(member: Element, exit: Exit, resources: ReadonlyMap<TransientResource, Unit[]>): Fragment & Partial<Entrance> {
    switch (member.kind) {
      case 'unit': return this.unit(member.unit, exit, resources);
      case 'parallel': return this.parallelNode(member, exit);
      case 'prime': return this.primeNode(member, exit);
      case 'link': return member.chain.enter(member.link, exit);
    }
  }

  /** One that other schedules wait for tells them in the end. */
  private unit(unit: Unit, exit: Exit, resources: ReadonlyMap<TransientResource, Unit[]>): Fragment {
    if (!isOwn(unit)) return awaitElsewhere(this.context, unit.object as Elsewhere, exit);
    if (!this.told.has(unit.id)) return this.own(unit, exit, resources);
    const told = tellElsewhere(this.context, unit.id, exit);
    const { start, states } = this.own(unit, goTo(told.start), resources);
    return { start, states: merged(states, told.states) };
  }

  private own(unit: OwnUnit, exit: Exit, resources: ReadonlyMap<TransientResource, Unit[]>): Fragment {
    const handedOver = handedOverOf(unit, this.numbers.units);
    const resource = resourceOf(unit);
    const its = resource ? resources.get(resource) ?? [] : [];
    const initial = resource && its[0] === unit ? new ResourceVariables(resource).initial(this.context.result(resource)) : {};
    const use = resource && this.shared.has(resource) ? 'shared' : its.slice(0, its.indexOf(unit));
    const left = this.leaving(unit, exit, handedOver && resource);
    const { start, states } = renderUnit({ context: this.context, unit, exit, settledExit: left.exit, initial, use, handedOver });
    return { start, states: merged(states, left.states) };
  }

  /** Who has settled leaves each resource that it shares, but the one that others leave for it. */
  private leaving(unit: OwnUnit, exit: Exit, others?: TransientResource): { readonly exit: Exit; readonly states: States } {
    const mark = `${MARK}${unit.id}`;
    const left: States[] = [];
    for (const [resource, [check]] of usesOf(unit)) {
      if (resource === others || !this.shared.has(resource)) continue;
      const { objectId } = resource === resourceOf(unit) ? unit.object : check;
      const { start, states } = leave(this.context, resource, { objectId, mark }, exit);
      left.push(states);
      exit = goTo(start);
    }
    return { exit, states: merged(...left) };
  }

  private parallelNode(plan: ParallelPlan, exit: Exit): Fragment {
    const number = this.numbers.branching.get(plan) ?? 0;
    return this.parallel(number, plan.children.map((child, index) => this.branch(elements(child), `Run: branch ${branchLabel(number, index)}`)), exit);
  }

  private primeNode(plan: PrimePlan, exit: Exit): Fragment {
    const number = this.numbers.branching.get(plan) ?? 0;
    const branches = plan.chains.map((members, index) => {
      const label = branchLabel(number, index);
      const links = this.linksOf(plan, members);
      const chain = new Chain(this.context, label, [...links.values()]);
      const linking = (child?: Plan): Linking[] => links.has(child) ? [{ kind: 'link', chain, link: links.get(child)! }] : [];
      return this.branch([...members.flatMap((child) => [...linking(child), ...elements(child)]), ...linking()], `Run: branch ${label}`, chain);
    });
    return this.parallel(number, branches, exit);
  }

  /** The links of a chain: by the member that comes next, and by none after the last. */
  private linksOf(plan: PrimePlan, members: readonly Plan[]): ReadonlyMap<Plan | undefined, Link> {
    const awaited = new Set([...plan.awaits.values()].flat());
    const links = new Map<Plan | undefined, Link>();
    let learned: Element[] = [];
    for (const [index, next] of [...members, undefined].entries()) {
      const before: Plan | undefined = members[index - 1];
      const opens = before && awaited.has(before) ? this.latch(before) : undefined;
      const awaits = next ? (plan.awaits.get(next) ?? []).map((module) => this.latch(module)) : [];
      learned.push(...before ? elements(before) : []);
      if (opens === undefined && awaits.length === 0) continue;
      const name = next && awaits.length > 0 ? stateName(firstId(next), `await ${awaits[0]}`) : stateName(firstId(before), `signal ${opens}`);
      links.set(next, { name, learned: this.statuses(learned), opens, awaits, to: next ? firstId(next) : '' });
      learned = [];
    }
    return links;
  }

  /** JSONata of the statuses of what a chain has gone through. */
  private statuses(passed: readonly Element[]): string[] {
    const own = passed.flatMap((each) => each.kind === 'unit' ? [[each.unit.id, `{"status": $${this.context.result(each.unit.object)}.status}`]] : []);
    const inner = passed.flatMap((each) => isBranching(each) ? [`$${branchingVariable(this.numbers.branching.get(each) ?? 0)}`] : []);
    const brief = (results: string) => `$merge($each(${results}, function($result, $id) { {$id: {"status": $result.status}} }))`;
    return [...own.length ? [jsonataObject(Object.fromEntries(own) as Record<string, string>)] : [], ...inner.map(brief)];
  }

  private parallel(number: number, branches: readonly Asl[], exit: Exit): Fragment {
    const name = `Run: parallel ${number}`;
    return {
      start: name,
      states: {
        [name]: {
          Type: 'Parallel',
          Arguments: {},
          Branches: branches,
          Assign: { [branchingVariable(number)]: jsonata('$merge($states.result)') },
          Output: {},
          Next: exit.next,
        },
      },
    };
  }

  /** A state that knows how to leave a branch does; the others go to one that does nothing else. */
  private branch(members: readonly Element[], end: string, chain?: Chain): Asl {
    const leaving = (results: string): Asl => ({ End: true, Output: jsonata(results) });
    const tree = this.scope(members, (results) => ({ next: end, leave: leaving(results) }));
    return { StartAt: tree.start, States: merged(tree.states, chain?.states, { [end]: { Type: 'Pass', ...leaving(tree.results) } }) };
  }

  private latch(module: Plan): number {
    return this.numbers.latches.get(module) ?? 0;
  }

  private results(members: readonly Element[]): string {
    const own = members.flatMap((member) => member.kind === 'unit' ? this.objects(member.unit) : []);
    const inner = members.flatMap((member) => isBranching(member) ? [`$${branchingVariable(this.numbers.branching.get(member) ?? 0)}`] : []);
    const object = jsonataObject(Object.fromEntries(own.map((each) => [each.objectId, `$${this.context.result(each)}`])));
    return inner.length ? `$merge([${[object, ...inner].join(', ')}])` : object;
  }

  private objects(unit: Unit): Array<Pick<PipelineObject, 'objectId'>> {
    const resource = resourceOf(unit);
    return [...unit.preconditions, unit.object, ...resource && !this.shared.has(resource) ? [resource] : []];
  }

  private inlineResources(members: readonly Element[]): ReadonlyMap<TransientResource, Unit[]> {
    const resources = usersOf(members.flatMap((member) => member.kind === 'unit' ? member.unit : []));
    return new Map([...resources].filter(([resource]) => !this.shared.has(resource)));
  }
}

/** What stands one after the other in the scope of a plan. */
function elements(plan: Plan): Element[] {
  return plan.kind === 'series' ? plan.children.flatMap(elements) : [plan];
}

function isBranching(member: { readonly kind: string }): member is BranchingPlan {
  return member.kind === 'parallel' || member.kind === 'prime';
}

function firstId(plan: Plan): string {
  return plan.kind === 'unit' ? plan.unit.id : firstId(plan.children[0]);
}

/** Numbers of what has no name of its own, in the order in which a reader meets them. */
export interface Numbers {
  readonly branching: ReadonlyMap<Plan, number>;
  readonly latches: ReadonlyMap<Plan, number>;
  readonly units: ReadonlyMap<Unit, number>;
}

export function numbersOf(plan: Plan): Numbers {
  const [branching, latches, units] = [new Map<Plan, number>(), new Map<Plan, number>(), new Map<Unit, number>()];
  const visit = (each: Plan): void => {
    if (each.kind === 'unit') units.set(each.unit, units.size + 1);
    if (isBranching(each)) branching.set(each, branching.size + 1);
    if (each.kind === 'prime') for (const module of new Set([...each.awaits.values()].flat())) latches.set(module, latches.size + 1);
    if (each.kind !== 'unit') each.children.forEach(visit);
  };
  visit(plan);
  return { branching, latches, units };
}

function branchingVariable(number: number): string {
  return `p_${number}`;
}

/** Of a branch of a node, as its states and variables have it in their names. */
function branchLabel(number: number, index: number): string {
  return `${number}.${index + 1}`;
}

/** A branching node that a unit lies in, and in which branch. */
interface Step {
  readonly prime: boolean;
  readonly number: number;
  readonly branch: number;
}

/** Where each unit lies, so that any other that comes after it can read its result. */
export function placesOf(plan: Plan, { branching }: Numbers): Places {
  const paths = new Map<string, Step[]>();
  const visit = (each: Plan, path: readonly Step[]): void => {
    if (each.kind === 'unit') return void paths.set(each.unit.id, [...path]);
    if (each.kind === 'series') return each.children.forEach((child) => visit(child, path));
    const branches = each.kind === 'prime' ? each.chains : each.children.map((child) => [child]);
    const number = branching.get(each) ?? 0;
    branches.forEach((branch, index) => branch.forEach((child) => visit(child, [...path, { prime: each.kind === 'prime', number, branch: index }])));
  };
  visit(plan, []);
  return (reader, object) => {
    const [from, to] = [paths.get(reader) ?? [], paths.get(object) ?? []];
    const apart = to.findIndex(({ number, branch }, index) => from[index]?.number !== number || from[index].branch !== branch);
    if (apart < 0) return `$${variableName('r', object)}`;
    const { prime, number } = to[apart];
    const inside = prime && from[apart]?.number === number;
    return `$lookup($${inside ? knownVariable(branchLabel(number, from[apart].branch)) : branchingVariable(number)}, ${jsonataString(object)})`;
  };
}
