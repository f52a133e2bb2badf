/**
 * The latches of a chain. Between two of its members a chain may open a latch, with all that is known by then, and await others. All
 * such places of a chain go through the same states, which a variable tells what to do: states for each latch would be the larger
 * part of a machine.
 */
import { LATCH_ITEMS } from '../../contract/table';
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, Fragment, jsonata, merged, PATIENT_RETRY, States } from '../asl';
import { Exit, goTo, RunContext } from './context';
import { readItem, register, TOKEN, update, wake } from './latch';
import { adding, members } from './set';

const NOT_YET_SECONDS = 60;
/** Of an item without any: they cannot be parsed. */
const NO_RESULTS = ['States.QueryEvaluationError'];

/** Between two members of a chain, or before the first, or after the last. */
export interface Link {
  /** Of its own state. */
  readonly name: string;
  /** JSONata of what the chain has come to know since the link before: objects of ids to objects with a status. */
  readonly learned: readonly string[];
  /** The latch that it opens. */
  readonly opens?: number;
  readonly awaits: readonly number[];
  /** Id of whom it leads to. */
  readonly to: string;
}

/** A way in; how a state that comes before may take it. */
export interface Entrance extends Fragment {
  readonly leave: Asl;
}

/** Variable with what a chain knows: ids to objects with a status. */
export function knownVariable(chain: string): string {
  return `w_${chain.replace('.', '_')}`;
}

export class Chain {
  private readonly known: string;
  private readonly link: string;
  private readonly exits = new Map<Link, Exit>();

  /** `label` tells it from all other chains. */
  constructor(private readonly context: RunContext, private readonly label: string, private readonly links: readonly Link[]) {
    this.known = knownVariable(label);
    this.link = this.known.replace('w', 'l');
  }

  /** Where a link is come to, if it leads to `exit`. */
  enter(link: Link, exit: Exit): Entrance {
    this.exits.set(link, exit);
    const leave = { Assign: this.begun(link), Next: link.opens === undefined ? this.name('await') : this.name('signal') };
    const states: States = { [link.name]: { Type: 'Pass', Output: {}, ...leave } };
    // Who has settled leaves without it; who has finished before, or could not write, has done less than others.
    return { start: link.name, states: link.learned.length > 0 ? this.repeated(states, 0) : states, leave };
  }

  /** What all links share; known when all of them have been entered. */
  get states(): States {
    const opened = this.links.filter(({ opens }) => opens !== undefined).length;
    const awaited = this.links.reduce((sum, { awaits }) => sum + awaits.length, 0);
    return merged(
      opened > 0 ? this.repeated(this.signal(), opened) : {},
      ...awaited > 0 ? [this.repeated(this.await(awaited), awaited), this.repeated(this.notYet(), 0)] : [],
      this.isSingle ? {} : this.repeated(this.next(), this.links.length + awaited),
    );
  }

  /** There is nothing to decide: one link that opens, awaits or does one after the other. */
  private get isSingle(): boolean {
    return this.links.length === 1 && this.links[0].awaits.length <= 1;
  }

  private begun(link: Link): Asl {
    const { learned, opens, awaits, to } = link;
    const known = [link === this.links[0] ? '{}' : `$${this.known}`, ...learned];
    return {
      [this.known]: jsonata(`$merge([${known.join(', ')}])`),
      [this.link]: { ...opens === undefined ? {} : { opens }, awaits, ...this.isSingle ? {} : { to } },
    };
  }

  private signal(): States {
    const waiting = this.known.replace('w', 'wk');
    const next = this.isSingle && this.links[0].awaits.length > 0 ? goTo(this.name('await')) : this.after;
    return merged({
      [this.name('signal')]: {
        ...update(this.context, this.item('opens'), 'SET results = :results', { ':results': { S: jsonata(`$string($${this.known})`) } }),
        Retry: [PATIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: next.next }],
        Assign: { [waiting]: jsonata(members('$states.result.Attributes', 'waiters')) },
        Output: {},
        Next: this.name('wake'),
      },
    }, wake(this.context, (step) => this.name(step), waiting, `$string($${this.known})`, next.leave));
  }

  private await(times: number): States {
    const [wait, read] = [this.name('await'), this.name('read')];
    const { next } = this.after;
    return {
      [wait]: {
        ...register(this.context, this.item('awaits[0]'), adding('waiters', TOKEN), { ConditionExpression: 'attribute_not_exists(results)' },
          { again: wait, otherwise: read }, times),
        Assign: this.heard('$states.result'),
        Output: {},
        Next: next,
      },
      [read]: {
        ...readItem(this.context, this.item('awaits[0]')),
        Retry: [{ ErrorEquals: NO_RESULTS, MaxAttempts: 0 }, PATIENT_RETRY],
        Catch: [{ ErrorEquals: NO_RESULTS, Output: {}, Next: this.name('not yet') }],
        Assign: this.heard('$parse($states.result.Item.results.S & "")'),
        Output: {},
        Next: next,
      },
    };
  }

  /** Where the registration was refused for another reason than its condition. */
  private notYet(): States {
    return { [this.name('not yet')]: { Type: 'Wait', Seconds: NOT_YET_SECONDS, Output: {}, Next: this.name('await') } };
  }

  /** What a latch has let through is known, and the link awaits one less. */
  private heard(results: string): Asl {
    const rest = `$filter($${this.link}.awaits, function($latch, $index) { $index > 0 })`;
    return {
      [this.known]: jsonata(`$merge([$${this.known}, ${results}])`),
      ...this.isSingle ? {} : { [this.link]: jsonata(`{"awaits": [${rest}], "to": $${this.link}.to}`) },
    };
  }

  private next(): States {
    const exits = this.links.map((link) => ({ condition: `$${this.link}.to = ${jsonataString(link.to)}`, next: this.exit(link).next }));
    const { next: last } = exits[exits.length - 1];
    const waits = this.links.some(({ awaits }) => awaits.length > 0);
    const rules = [...waits ? [{ condition: `$count($${this.link}.awaits) > 0`, next: this.name('await') }] : [], ...exits.slice(0, -1)];
    return {
      [this.after.next]: { Type: 'Choice', Choices: rules.map(({ condition, next }) => ({ Condition: jsonata(condition), Next: next })), Default: last },
    };
  }

  /** Where a latch leads that has been opened or awaited. */
  private get after(): Exit {
    return this.isSingle ? this.exit(this.links[0]) : goTo(`${this.name('next')}?`);
  }

  private exit(link: Link): Exit {
    const exit = this.exits.get(link);
    if (!exit) throw new Error(`${link.name} leads nowhere`);
    return exit;
  }

  /** JSONata of the item of a latch that the link names. */
  private item(field: string): string {
    return jsonata(`${jsonataString(LATCH_ITEMS)} & $string($${this.link}.${field})`);
  }

  private name(step: string): string {
    return `Run: ${step} ${this.label}`;
  }

  private repeated(states: States, times: number): States {
    this.context.repeated(states, times);
    return states;
  }
}
