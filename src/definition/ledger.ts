import type { Entry, Fate } from './code';
import type { ResolvedField } from './resolve';
import { shown } from './secrets';

const RANK: readonly Fate[] = ['kept', 'changed', 'not possible'];

/** What became of each field. One that several objects inherit has the best of its fates. */
export class Entries {
  private readonly byField = new Map<string, Entry>();

  /** `from` of the field is who wrote it. */
  record(field: ResolvedField, outcome: Pick<Entry, 'fate' | 'to' | 'why' | 'instead'>): void {
    const { fate, to, why, instead } = outcome;
    const key = keyOf(field.from, field.name);
    const known = this.byField.get(key);
    if (known && RANK.indexOf(known.fate) <= RANK.indexOf(fate)) return;
    this.byField.set(key, { object: field.from, field: field.name, given: shown(field.name, field.values), fate, to, why, instead, at: field.at });
  }

  has(object: string, field: string): boolean {
    return this.byField.has(keyOf(object, field));
  }

  /** All of an object's that could be: it is left out. */
  leaveOut(object: string, why: string): void {
    for (const [key, entry] of this.byField) {
      if (entry.object === object && entry.fate !== 'not possible') this.byField.set(key, { ...entry, fate: 'changed', to: 'left out', why, instead: undefined });
    }
  }

  get all(): Entry[] {
    return [...this.byField.values()];
  }
}

function keyOf(object: string, field: string): string {
  return JSON.stringify([object, field]);
}
