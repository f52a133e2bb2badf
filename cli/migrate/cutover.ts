/** When a pipeline begins, from what it became. */
import { within } from './code-tree';
import { Code, isConstruct, PlannedPipeline } from '../../src/definition/code';

/** A schedule as it is written into the app. */
export interface PlannedSchedule {
  /** `rate`, `cron` or `onDemand`. */
  readonly kind: string;
  readonly startDateTime?: Date;
  readonly endDateTime?: Date;
  readonly occurrences?: number;
}

export function schedulesOf({ pipeline, objects }: PlannedPipeline): PlannedSchedule[] {
  const codes = [...pipeline.props.map(([, code]) => code), ...objects.flatMap((each) => isConstruct(each) ? [] : [each.value])];
  return codes.flatMap(within).flatMap((code) => code.kind === 'call' && code.callee.startsWith('Schedule.') ? [scheduleOf(code)] : []);
}

function scheduleOf({ callee, args }: Extract<Code, { kind: 'call' }>): PlannedSchedule {
  const options = args.at(-1);
  const prop = (name: string) => options?.kind === 'object' ? options.props.find(([key]) => key === name)?.[1] : undefined;
  const occurrences = prop('occurrences');
  return {
    kind: callee.replace('Schedule.', ''),
    startDateTime: dateOf(prop('startDateTime')),
    endDateTime: dateOf(prop('endDateTime')),
    occurrences: occurrences?.kind === 'literal' ? Number(occurrences.value) : undefined,
  };
}

function dateOf(code: Code | undefined): Date | undefined {
  const [date] = code?.kind === 'new' && code.name === 'Date' ? code.args : [];
  return date?.kind === 'literal' ? new Date(String(date.value)) : undefined;
}

/** Whether a time has to be given from which on the new pipeline runs, in place of the old. */
export function hasBegun(plan: PlannedPipeline, now: Date): boolean {
  return schedulesOf(plan).some(({ startDateTime }) => startDateTime !== undefined && startDateTime < now);
}

/** Whether a schedule leaves nothing to run. */
export function hasEnded({ startDateTime, endDateTime, occurrences }: PlannedSchedule): boolean {
  return occurrences === 0 || startDateTime !== undefined && endDateTime !== undefined && endDateTime <= startDateTime;
}
