/**
 * The Run table: one item an object in a run, one for the run itself, and the pipeline's own.
 *
 * | run            | item           | attributes |
 * |----------------|----------------|------------|
 * | a run's name   | `run`          | status, scheduledStartTime, scheduledEndTime, executionArn, startTime, endTime, settledWith |
 * | a run's name   | `object#<id>`  | status, attempts, startTime, endTime, reason, settledWith |
 * | a run's name   | `latch#<n>`    | results (JSON: ids to objects with a status), waiters (task tokens) |
 * | `#pipeline`    | `active`       | active (BOOL); absent means active |
 *
 * `settledWith` maps the ids of objects without an item of their own to their statuses: data nodes settle with the activity that writes
 * them, or with the run's begin where none does; preconditions that were not checked with what they guard; and what had no end yet with
 * the end of a run that was stopped. An item of an object's own counts more. Items of runs carry
 * `expiresAt` (epoch seconds), the table's TTL attribute, which lies beyond the end of the longest run.
 */
export const RUN_KEY = 'run';
export const ITEM_KEY = 'item';
export const TTL_ATTRIBUTE = 'expiresAt';
export const RUN_ITEM = 'run';
export const PIPELINE_PARTITION = '#pipeline';
export const ACTIVE_ITEM = 'active';
export const latchItem = (latch: number): string => `latch#${latch}`;
export const objectItem = (id: string): string => `object#${id}`;
