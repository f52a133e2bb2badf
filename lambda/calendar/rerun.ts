/**
 * What runs again when a run is repeated, and which statuses the rest keeps.
 *
 * Nothing that has FINISHED is repeated unless it is named, or comes after what is named where that is asked for. What runs again has its
 * own preconditions checked again, and those of the data nodes that it reads.
 */
import { Rerun } from './starter-input';
import { RerunGraph, RerunUnit } from '../../src/contract/calendar';

/** By object. */
export type Statuses = Readonly<Record<string, string>>;

export function repeated({ units }: RerunGraph, statuses: Statuses, { objects, withConsumers }: Omit<Rerun, 'kind'>): ReadonlySet<RerunUnit> {
  const consumers = consumersIn(units);
  const again = new Set(units.filter((unit) => objects ? named(unit, objects) : statuses[unit.id] !== 'FINISHED'));
  if (objects) {
    for (const unit of again) {
      const joins = (other: RerunUnit) => withConsumers || unit.cascade && statuses[other.id] === 'CASCADE_FAILED';
      consumers.get(unit)?.filter(joins).forEach((other) => again.add(other));
    }
  }
  const read = [...again].flatMap(({ after = [] }) => after.map((place) => units[place]).filter(({ gate }) => gate));
  return new Set([...again, ...read]);
}

/** A precondition stands for what it guards, a resource for all that runs on it. */
function named(unit: RerunUnit, objects: readonly string[]): boolean {
  return namesOf(unit).some((each) => objects.includes(each));
}

function namesOf({ id, preconditions = [], runsOn, checkedOn = [] }: RerunUnit): string[] {
  return [id, ...preconditions, ...runsOn === undefined ? [] : [runsOn], ...checkedOn];
}

function consumersIn(units: readonly RerunUnit[]): ReadonlyMap<RerunUnit, RerunUnit[]> {
  const consumers = new Map(units.map((unit) => [unit, [] as RerunUnit[]]));
  for (const unit of units) for (const place of unit.after ?? []) consumers.get(units[place])?.push(unit);
  return consumers;
}

/** Ids that a rerun can name. */
export function nameable({ units }: RerunGraph): string[] {
  return [...new Set(units.flatMap(namesOf))];
}

/** Ids whose status decides whether a rerun repeats them. */
export function markable({ units }: RerunGraph): string[] {
  return units.map(({ id }) => id);
}

/** Statuses of what does not run again. What the run knew nothing of waits. */
export function keptBy({ units, dataNodes }: RerunGraph, statuses: Statuses, again: ReadonlySet<RerunUnit>): Statuses {
  const rest = units.filter((unit) => !again.has(unit));
  const status = ({ id }: RerunUnit) => statuses[id] ?? 'WAITING_ON_DEPENDENCIES';
  const checked = rest.flatMap((unit) => (unit.preconditions ?? []).map((id) => (
    [id, status(unit) === 'FINISHED' ? 'FINISHED' : statuses[id] ?? status(unit)]
  )));
  const nodes = Object.entries(dataNodes).flatMap(([id, places]) => {
    const writers = places.map((place) => units[place]);
    if (writers.some((unit) => again.has(unit))) return [];
    return [[id, writers.every((unit) => status(unit) === 'FINISHED') ? 'FINISHED' : statuses[id] ?? 'WAITING_ON_DEPENDENCIES']];
  });
  return Object.fromEntries([...rest.map((unit) => [unit.id, status(unit)]), ...checked, ...nodes]) as Statuses;
}
