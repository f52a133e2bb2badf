/**
 * The order in which a Run machine runs a pipeline's objects, as its template says it under this key of the machine's metadata:
 * for readers of a cloud assembly.
 */
import type { Timing } from './calendar';

export const PLAN_METADATA = 'datapipeline:plan';

/** Tags of a pipeline's own machines and table: whose they are, and which of them. */
export const PIPELINE_TAG = 'datapipeline:pipeline';
export const ROLE_TAG = 'datapipeline:role';

/** Of what serves one schedule only, the pipeline's own or another: its name. */
export const SCHEDULE_TAG = 'datapipeline:schedule';
export const DEFAULT_SCHEDULE = 'default';

/** What `datapipeline:role` says. */
export type PipelineRole = 'run' | 'starter' | 'reaper' | 'late' | 'activities' | 'teardown' | 'lifecycle' | 'table' | 'checker' | 'calendar';

export interface PlanDocument {
  readonly pipeline: string;
  /** Name of the schedule whose runs these are; the pipeline's own is `default`. */
  readonly schedule: string;
  readonly timing: Timing;
  readonly plan: PlanRecord;
}

export type PlanRecord = UnitRecord | BranchingRecord | PrimeRecord;

/** An activity, or a data node with preconditions. */
export interface UnitRecord {
  readonly kind: 'unit';
  readonly id: string;
  readonly runsOn?: string;
  /** Of an activity that other runs do: the name of their schedule. */
  readonly elsewhere?: string;
  /** Checked before, in this order. */
  readonly preconditions?: readonly string[];
}

/** Children one after the other, or side by side. */
export interface BranchingRecord {
  readonly kind: 'series' | 'parallel';
  readonly children: readonly PlanRecord[];
}

/** Chains side by side, whose members wait for members of other chains. */
export interface PrimeRecord {
  readonly kind: 'prime';
  readonly chains: ReadonlyArray<readonly ChainMember[]>;
}

export interface ChainMember {
  readonly plan: PlanRecord;
  /** Numbers of the latches that it waits for. */
  readonly awaits?: readonly number[];
  /** The latch that it opens when it has settled. */
  readonly opens?: number;
}
