/**
 * Work against a deadline: a Parallel of two branches, of which the first to end ends the other. Both end by failing, because only so
 * does a Parallel stop what is at work in the other.
 *
 * A branch cannot assign the variables around it: the results that the work comes to leave as JSON in the cause of its failure, under
 * an error that says which way it went.
 */
import { RunContext } from './context';
import { Terminate } from '../../actions/terminate';
import { Activity } from '../../activities/activity';
import { jsonataString } from '../../expression/value';
import type { PipelineObject } from '../../pipeline-object';
import { Asl, Fragment, jsonata, jsonataObject, merged, States } from '../asl';
import { Elsewhere } from '../elsewhere';
import { lateTime } from '../late';
import { Unit } from '../link';
import { stateName } from '../names';

/** By when a unit must have finished. */
export interface Deadline {
  /** JSONata, ISO-8601. */
  readonly time: string;
  /** JSONata of why it was ended. */
  readonly reason: string;
}

/** Its own, or that of a data node which is there when it has finished, whichever is first. */
export function deadlineOf({ object }: Unit): Deadline | undefined {
  if (object instanceof Elsewhere) return undefined;
  const written = object instanceof Activity ? object.output.filter((node) => !node._isUnit) : [];
  const [first] = [object, ...written].filter(isTerminated).sort((a, b) => seconds(a) - seconds(b));
  return first && deadlineFor(first);
}

/** Of what is terminated. */
export function deadlineFor(object: PipelineObject): Deadline {
  const after = `${object.objectId} has not finished ${object._late.lateAfterTimeout?.toHumanString()} after `;
  return { time: lateTime(object), reason: `${jsonataString(after)} & $due` };
}

/** JSONata. */
export function isPast({ time }: Deadline): string {
  return `$millis() >= $toMillis(${time})`;
}

export function isTerminated({ _late }: PipelineObject): boolean {
  return (_late.onLateAction ?? []).some((action) => action instanceof Terminate);
}

function seconds({ _late }: PipelineObject): number {
  return _late.lateAfterTimeout?.toSeconds() ?? Infinity;
}

/** JSONata of the result of what is ended; `attempts` are at least this many: a retry's count is not known from outside. */
export function canceled({ reason }: Deadline, attempts: number, startTime?: string): string {
  return jsonata(jsonataObject({ status: '"CANCELED"', attempts: String(attempts), reason, ...startTime ? { startTime } : {}, endTime: '$now()' }));
}

/** A way out of the work: the results that are known there. */
export interface Way {
  readonly next: string;
  readonly results: readonly PipelineObject[];
}

export interface Race {
  readonly context: RunContext;
  /** `context.inner()`, that the work was rendered with. */
  readonly inside: RunContext;
  readonly object: PipelineObject;
  readonly ways: readonly Way[];
  readonly deadline: Deadline;
  /** What is assigned when the deadline comes first, and where it goes on. */
  readonly assign: Asl;
  readonly next: string;
}

const LATE = 'DataPipeline.Late';

export function race({ context, inside, object, ways, deadline, assign, next: ended }: Race, work: Fragment): Fragment {
  const step = (name: string) => stateName(object.objectId, name);
  const distinct = ways.filter(({ next }, index) => ways.findIndex((way) => way.next === next) === index);
  const leave = (index: number) => step(`leave ${index + 1}`);
  const error = (index: number) => `DataPipeline.Left${index + 1}`;
  const inner = (next: string) => {
    const index = distinct.findIndex((way) => way.next === next);
    return index < 0 ? next : leave(index);
  };
  const leaving = ({ results }: Way, index: number): Asl => ({
    Type: 'Fail',
    Error: error(index),
    Cause: jsonata(`$string(${jsonataObject(Object.fromEntries(results.map((each) => [each.objectId, `$${inside.result(each)}`])))})`),
  });
  const result = (each: PipelineObject) => jsonata(`$lookup($parse($states.errorOutput.Cause), ${jsonataString(each.objectId)})`);
  const parallel: Asl = {
    Type: 'Parallel',
    Arguments: {},
    Branches: [
      {
        StartAt: work.start,
        States: merged(redirected(work.states, inner), Object.fromEntries(distinct.map((way, index) => [leave(index), leaving(way, index)]))),
      },
      {
        StartAt: step('deadline'),
        States: {
          [step('deadline')]: { Type: 'Wait', Timestamp: jsonata(deadline.time), Next: step('late') },
          [step('late')]: { Type: 'Fail', Error: LATE },
        },
      },
    ],
    Catch: [
      ...distinct.map(({ next, results }, index) => ({
        ErrorEquals: [error(index)], Assign: Object.fromEntries(results.map((each) => [context.result(each), result(each)])), Next: next,
      })),
      { ErrorEquals: [LATE], Assign: assign, Next: ended },
    ],
    Output: {},
    Next: distinct[0].next, // never: a branch ends by failing
  };
  return { start: step('until late'), states: { [step('until late')]: parallel } };
}

/** States with each of their ways changed. */
function redirected(states: States, change: (next: string) => string): States {
  const changed = (way: Asl): Asl => ({
    ...way,
    ...typeof way.Next === 'string' ? { Next: change(way.Next) } : {},
    ...typeof way.Default === 'string' ? { Default: change(way.Default) } : {},
    ...Array.isArray(way.Catch) ? { Catch: (way.Catch as Asl[]).map(changed) } : {},
    ...Array.isArray(way.Choices) ? { Choices: (way.Choices as Asl[]).map(changed) } : {},
  });
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, changed(state)]));
}
