import { Unit } from './link';

/**
 * Which units come before which, directly or not: a byte for each pair.
 *
 * The decomposition asks for pairs many times over; a set for each of a thousand units answers too slowly.
 */
export class PartialOrder {
  private readonly size: number;
  /** By unit, a row: 1 for those that come before it. */
  private readonly before: Uint8Array;

  /** `units` must have no cycle. */
  constructor(units: readonly Unit[]) {
    this.size = units.length;
    this.before = new Uint8Array(this.size * this.size);
    const index = new Map(units.map((unit, position) => [unit, position]));
    const done = new Set<Unit>();
    const visit = (unit: Unit): void => {
      if (done.has(unit)) return;
      done.add(unit);
      for (const other of unit.after) {
        visit(other);
        this.include(index.get(unit) as number, index.get(other) as number);
      }
    };
    units.forEach(visit);
  }

  precedes(a: number, b: number): boolean {
    return this.before[b * this.size + a] === 1;
  }

  comparable(a: number, b: number): boolean {
    return this.precedes(a, b) || this.precedes(b, a);
  }

  /** After `other` comes `unit`, and so it does after all that come before `other`. */
  private include(unit: number, other: number): void {
    const [row, earlier] = [unit * this.size, other * this.size];
    for (let each = 0; each < this.size; each += 1) if (this.before[earlier + each]) this.before[row + each] = 1;
    this.before[row + other] = 1;
  }
}
