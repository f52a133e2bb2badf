import { Elsewhere } from './elsewhere';
import { Unit } from './link';
import { Plan, PrimePlan } from './plan';
import { Activity } from '../activities/activity';
import { ChainMember, PlanRecord, UnitRecord } from '../contract/plan';
import { inOrder } from './render/precondition';

/** A plan as data. `latches` numbers the children of prime nodes that others await. */
export function planRecord(plan: Plan, latches: ReadonlyMap<Plan, number>): PlanRecord {
  switch (plan.kind) {
    case 'unit': return unitRecord(plan.unit);
    case 'prime': return { kind: plan.kind, chains: plan.chains.map((chain) => chain.map((child) => chainMember(plan, child, latches))) };
    default: return { kind: plan.kind, children: plan.children.map((child) => planRecord(child, latches)) };
  }
}

function chainMember({ awaits }: PrimePlan, child: Plan, latches: ReadonlyMap<Plan, number>): ChainMember {
  const awaited = awaits.get(child)?.flatMap((other) => latches.get(other) ?? []) ?? [];
  return { plan: planRecord(child, latches), ...awaited.length ? { awaits: awaited } : {}, opens: latches.get(child) };
}

function unitRecord(unit: Unit): UnitRecord {
  const preconditions = inOrder(unit.preconditions).map(({ objectId }) => objectId);
  return { kind: 'unit', id: unit.id, runsOn: runsOn(unit), ...unit.object instanceof Elsewhere ? { elsewhere: unit.object.activity._runs.scheduleName } : {}, ...preconditions.length ? { preconditions } : {} };
}

/** Id of the cluster or worker group. */
export function runsOn({ object }: Unit): string | undefined {
  const work = object instanceof Activity ? object._work() : undefined;
  switch (work?.kind) {
    case 'emrSteps': return work.cluster.objectId;
    case 'taskRunner': return work.host.objectId;
    default: return undefined;
  }
}
