/**
 * What a run may leave behind: clusters, one-time schedules, statements. Each kind is listed a page at a time, and what of it is the
 * run's is ended. All are listed before any is ended, so that looking where there is nothing takes one call a kind.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ANY_ERROR, Asl, jsonata, States, TRANSIENT_RETRY } from '../asl';

/** One kind of thing. */
export interface Leftovers {
  /** In the names of states and variables. */
  readonly kind: string;
  /** Variables with what is known at deployment. */
  readonly constants?: Asl;
  readonly list: {
    readonly resource: string;
    /** JSONata. */
    readonly arguments: string;
    /** The field that carries the next page's place, in the request and in the answer. */
    readonly token: { readonly request: string; readonly answer: string };
    /** JSONata of the run's own in an answer: an array. */
    readonly found: string;
  };
  readonly end: {
    readonly resource: string;
    /** JSONata of what one call ends each: an array. */
    readonly items: (found: string) => string;
    readonly arguments: Asl;
    /** Errors that say that it has ended meanwhile. */
    readonly gone?: string[];
    /**
     * Kinds whose lists are read from their start again when any of this kind has been ended: its own, where what has ended is no longer
     * listed and places in the list shift, and those of what may have come into being until then.
     */
    readonly relist?: readonly string[];
  };
  readonly statements: PolicyStatement[];
}

/** The place in a list of which all pages have been read. */
const END = 'END';
const found = ({ kind }: Leftovers): string => `found_${kind}`;
const placeOf = (kind: string): string => `place_${kind}`;
const place = ({ kind }: Leftovers): string => placeOf(kind);
const listState = ({ kind }: Leftovers): string => `List ${kind}`;
const endState = ({ kind }: Leftovers): string => `End ${kind}`;

/** At the start of each look. */
export function unseen(all: readonly Leftovers[]): Asl {
  return { problem: '', ...Object.fromEntries(all.flatMap((each) => [[found(each), []], [place(each), '']])) };
}

/** Lists of all kinds, one page each, then `next`; from there `endStates` if `anyFound`, and the lists again while there are `morePages`. */
export function listStates(all: readonly Leftovers[], next: string): States {
  return Object.fromEntries(all.map((each, index) => [listState(each), list(each, index + 1 < all.length ? listState(all[index + 1]) : next)]));
}

export function firstList(all: readonly Leftovers[], otherwise: string): string {
  return all.length > 0 ? listState(all[0]) : otherwise;
}

export function anyFound(all: readonly Leftovers[]): string {
  return all.map((each) => `$count($${found(each)}) > 0`).join(' or ');
}

export function morePages(all: readonly Leftovers[]): string {
  return all.map((each) => `$${place(each)} != "${END}"`).join(' or ');
}

export function endStates(all: readonly Leftovers[], next: string): States {
  return Object.fromEntries(all.map((each, index) => [endState(each), end(each, index + 1 < all.length ? endState(all[index + 1]) : next)]));
}

export function firstEnd(all: readonly Leftovers[]): string {
  return endState(all[0]);
}

/** What fails holds back nothing else, and is tried again at the next look. */
export function catcher(next: string, assign: Asl = {}): Asl {
  return { ErrorEquals: ANY_ERROR, Assign: { problem: jsonata('$states.errorOutput.Error & ": " & $states.errorOutput.Cause'), ...assign }, Next: next };
}

function list(each: Leftovers, next: string): Asl {
  const { resource, arguments: given, token, found: own } = each.list;
  const page = `$${place(each)} in ["", "${END}"] ? {} : {"${token.request}": $${place(each)}}`;
  return {
    Type: 'Task',
    Resource: resource,
    Arguments: jsonata(`$merge([${given}, ${page}])`),
    Retry: [TRANSIENT_RETRY],
    Catch: [catcher(next, { [found(each)]: [], [place(each)]: END })],
    Assign: {
      [found(each)]: jsonata(own),
      [place(each)]: jsonata(`$${place(each)} != "${END}" and $exists($states.result.${token.answer}) ? $states.result.${token.answer} : "${END}"`),
    },
    Output: {},
    Next: next,
  };
}

function end(each: Leftovers, next: string): Asl {
  const { resource, items, arguments: given, gone, relist = [] } = each.end;
  const name = `${endState(each)}: call`;
  const isGone = `${endState(each)}: gone`;
  return {
    Type: 'Map',
    Items: jsonata(items(`$${found(each)}`)),
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: name,
      States: {
        [name]: {
          Type: 'Task',
          Resource: resource,
          Arguments: given,
          Retry: [...gone ? [{ ErrorEquals: gone, MaxAttempts: 0 }] : [], TRANSIENT_RETRY],
          ...(gone ? { Catch: [{ ErrorEquals: gone, Next: isGone }] } : {}),
          Output: {},
          End: true,
        },
        ...(gone ? { [isGone]: { Type: 'Succeed', Output: {} } } : {}),
      },
    },
    Catch: [catcher(next, { [found(each)]: [] })],
    Assign: {
      [found(each)]: [],
      ...Object.fromEntries(relist.map(placeOf).map((its) => [its, jsonata(`$count($${found(each)}) > 0 ? "" : $${its}`)])),
    },
    Output: {},
    Next: next,
  };
}
