/**
 * The Run table: one item an object in a run, one for the run itself, and the pipeline's own.
 *
 * | run            | item           | attributes |
 * |----------------|----------------|------------|
 * | a run's name   | `run`          | status, scheduledStartTime, scheduledEndTime, parameters (JSON), executionArn, startTime, endTime, settledWith, reruns (N), askedBy |
 * | a run's name   | `object#<id>`  | status, attempts, startTime, endTime, reason, settledWith |
 * | a run's name   | `latch#<n>`    | results (JSON: ids to objects with a status), waiters (task tokens) |
 * | a run's name   | `resource#<id>` | see below |
 * | `#object#<id>` | start of an interval | status, waiters (task tokens of runs of other schedules) |
 * | `#pipeline`    | `queue`, of another schedule than the pipeline's own `queue#<name>` | active (BOOL), startTimestamp, version (N), memory, ended (L), next |
 * | `#pipeline`    | `start`, of another schedule `start#<name>` | startDateTime: the first activation, where the schedule starts at it |
 *
 * A resource that is shared across branches: `wanted<n>` (who asked for launch n), `waiters<n>` (task tokens of who waits for it),
 * `generation` and `results` (the last launch, and what came of it as JSON), `manager` (task token of who launches and ends it), `users`
 * (how many there are), `settled` (how many have settled; also by status, in an attribute of that name), `left#<id>` (who has)
 * and, where a dead one has all of its activities repeated, `done#<id>` (who has finished on it).
 *
 * `reruns` is how many there have been of a run, and `askedBy` the execution of the Starter that asked for the last, or for marks. A rerun
 * `<run>.r<n>` has items as a run has: that of its own is there before it begins, and in `settledWith` has the statuses that it keeps.
 *
 * What comes of an activity that other schedules wait for has an item for each interval beside those of its runs, which never expires:
 * it says whether what they need is there.
 *
 * `settledWith` maps the ids of objects without an item of their own to their statuses: data nodes settle with the activity that writes
 * them, or with the run's begin where none does; preconditions that were not checked with what they guard; and what had no end yet with
 * the end of a run that was stopped. An item of an object's own counts more. What a run leaves but for
 * its own item, which stays so that no interval runs twice, carries `expiresAt` (epoch seconds), the table's TTL attribute, which lies beyond
 * the end of the longest run.
 *
 * The queue is what the Starter goes by; each write of it adds 1 to `version`, so that a decision on what it was is refused. Whoever
 * deactivates the pipeline sets `active` to false: ticks, activations and what waits start nothing until it is true again, or absent.
 * Intervals that begin before `startTimestamp` (ISO-8601), where it is there, are skipped. `memory` is the Starter's own; a run that has
 * ended appends its name to `ended`, and while something waits `next` is the ARN of the Starter, to be started with `{ dispatch: true }`.
 */
import { DEFAULT_SCHEDULE } from './plan';

export const RUN_KEY = 'run';
export const ITEM_KEY = 'item';
export const TTL_ATTRIBUTE = 'expiresAt';
export const RUN_ITEM = 'run';
export const PIPELINE_PARTITION = '#pipeline';
export const QUEUE_ITEM = 'queue';
/** `schedule` is its name. */
export const queueItemOf = (schedule: string): string => schedule === DEFAULT_SCHEDULE ? QUEUE_ITEM : `${QUEUE_ITEM}#${schedule}`;
/** Of a schedule that starts at its first activation, in the pipeline's partition. */
export const startItemOf = (schedule: string): string => schedule === DEFAULT_SCHEDULE ? 'start' : `start#${schedule}`;
/** A latch's item is this with its number. */
export const LATCH_ITEMS = 'latch#';
export const resourceItem = (id: string): string => `resource#${id}`;
export const elsewhereItems = (id: string): string => `#object#${id}`;
export const objectItem = (id: string): string => `object#${id}`;
