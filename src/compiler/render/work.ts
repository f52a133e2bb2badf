/** What the renderers of work are given, and the counted loop that those share which cannot be repeated by Retry. */
import type { Activity } from '../../activities/activity';
import { ANY_ERROR, Asl, jsonata, jsonataObject, States } from '../asl';
import { stateName, variableName } from '../names';
import { RunContext, Settings } from './context';
import { CAUGHT_REASON, CAUGHT_STATUS, ENTERED, failedWith, finished } from './result';
import { Settlement } from './settle';

export interface WorkSite extends JobSite {
  readonly activity: Activity;
  readonly settings: Settings;
  readonly settled: Settlement;
}

/** Of the work of one activity, or of whichever activity an execution is told of. */
export interface JobSite {
  readonly context: RunContext;
  /** What its states and variables are named after. */
  readonly activity: { readonly objectId: string };
  /** Numbers, or JSONata of them. */
  readonly settings: { readonly maximumRetries: number | string; readonly retryDelay: number | string };
  /** JSONata of by when a precondition must hold. */
  readonly deadline?: string;
  /** Where it goes when it has a result. */
  readonly settled: Pick<Settlement, 'success' | 'failure'>;
}

/** States that do the work of an activity. */
export interface WorkFragment {
  readonly start: string;
  readonly states: States;
  /** Whether the states go through themselves again for each attempt. */
  readonly loops?: boolean;
  /** Whether they are gone through by an activity that is held back, too. */
  readonly whenHeld?: boolean;
  /** Assigned when the object becomes ready. */
  readonly assign: Asl;
}

export interface Retrying {
  /** Of the choice after a failed attempt, those that come first. */
  readonly rules?: readonly Asl[];
  /** What is assigned and comes next after the last attempt. */
  readonly last?: { readonly assign: Asl; readonly next: string };
  /** JSONata of whether a failed attempt is the last, whatever the number. */
  readonly unless?: string;
}

/** The variable with the number of the attempt at an object. */
export function attemptVariable(id: string): string {
  return variableName('a', id);
}

/** Counts the attempts at an activity: `$a_X`, with what ended the last one in `$e_X`. */
export class Attempts {
  readonly count: string;
  /** Variable with what ended the last attempt. */
  readonly error: string;
  private readonly id: string;

  constructor(private readonly site: JobSite) {
    this.id = site.activity.objectId;
    this.count = attemptVariable(this.id);
    this.error = variableName('e', this.id);
  }

  get assign(): Asl {
    return { [this.count]: 1 };
  }

  /** Where a failed attempt goes. */
  get retry(): string {
    return stateName(this.id, 'retry?');
  }

  /** In the Assign of the state that ends the last attempt well. */
  finished(startTime?: string): Asl {
    return { [this.site.context.result(this.site.activity)]: finished(`$${this.count}`, startTime) };
  }

  /** JSONata of when the failed attempt began. */
  get began(): string {
    return `$${this.error}.startTime`;
  }

  /** JSONata of the result of an activity that has lost its resource: `tried` is its status, JSONata too, if it was at work. */
  lost(reason: string, tried = '"FAILED"'): string {
    const again = `$${this.count} > 1`; // a failed attempt has been counted by then
    const status = tried === '"CANCELED"' ? tried : `${again} ? ${tried} : "CANCELED"`;
    return `$merge([{"status": ${status}, "attempts": $${this.count} - 1, "reason": ${reason}}, `
      + `${again} ? ${jsonataObject({ startTime: this.began, endTime: '$now()' })} : {}])`;
  }

  /** Catches whatever ends an attempt. */
  catcher({ reason = CAUGHT_REASON, startTime = ENTERED, more = {} } = {}): Asl {
    return { ErrorEquals: ANY_ERROR, Assign: this.failure(CAUGHT_STATUS, reason, startTime, more), Next: this.retry };
  }

  failure(status: string, reason: string, startTime: string, more: Record<string, string> = {}): Asl {
    return { [this.error]: jsonata(jsonataObject({ status, reason, startTime, ...more })) };
  }

  /** The decision after a failed attempt, and the wait before the next, which begins at `again`. */
  states(again: string, { rules = [], last = { assign: {}, next: this.site.settled.failure }, unless }: Retrying = {}): States {
    const { context, activity, settings } = this.site;
    const delay = stateName(this.id, 'retry delay');
    const result = failedWith(`$${this.error}.status`, `$${this.error}.reason`, `$${this.count}`, this.began);
    return {
      [this.retry]: {
        Type: 'Choice',
        Choices: [...rules, { Condition: jsonata(`$${this.count} <= ${settings.maximumRetries}${unless === undefined ? '' : ` and $not(${unless})`}`), Next: delay }],
        Assign: { [context.result(activity)]: result, ...last.assign },
        Default: last.next,
      },
      [delay]: { Type: 'Wait', Seconds: secondsOf(settings.retryDelay), Assign: { [this.count]: jsonata(`$${this.count} + 1`) }, Next: again },
    };
  }
}

function secondsOf(delay: number | string): number | string {
  return typeof delay === 'string' ? jsonata(delay) : delay;
}
