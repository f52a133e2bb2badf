/** What became of a simulated range, as data and as text. */
import { SimulatedPipeline } from './simulated-pipeline';
import { Execution } from '../simulator/execution';
import { ObjectResult, RunResult, scheduleOf } from '../src/contract/run';

export interface SimulatedRun {
  readonly run: string;
  /** FINISHED or FAILED, as the run itself says, or how its execution ended. */
  readonly status: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly seconds: number;
  readonly transitions: number;
  readonly objects: Readonly<Record<string, ObjectResult>>;
}

export interface Simulation {
  readonly pipeline: string;
  readonly runs: readonly SimulatedRun[];
  /** Of all machines of the pipeline. */
  readonly transitions: number;
  /** Clusters launched. */
  readonly clusters: number;
  /** What the runs have left behind, of what costs. */
  readonly left: readonly string[];
}

const ROLES = ['starter', 'run', 'reaper', 'late'] as const;
const LISTED = 50;

export function simulationOf(simulated: SimulatedPipeline): Simulation {
  const transitions = ROLES.flatMap((role) => simulated.executions(role)).reduce((total, execution) => total + execution.transitions, 0);
  return {
    pipeline: simulated.name,
    runs: simulated.executions('run').sort((a, b) => a.startDate - b.startDate).map(runOf),
    transitions,
    clusters: simulated.emr.clusters.length,
    left: simulated.left,
  };
}

function runOf(execution: Execution): SimulatedRun {
  const { startDate, stopDate = startDate, transitions, name } = execution;
  const { status = execution.status, objects = {} } = resultOf(execution) ?? {};
  const [startTime, endTime] = [startDate, stopDate].map((time) => new Date(time).toISOString());
  return { run: name, status, startTime, endTime, seconds: (stopDate - startDate) / 1000, transitions, objects };
}

/** A run that was stopped, or crashed, has none. */
function resultOf({ outcome }: Execution): RunResult | undefined {
  if (outcome?.status === 'SUCCEEDED') return outcome.output as unknown as RunResult;
  return outcome?.cause?.startsWith('{') ? JSON.parse(outcome.cause) as RunResult : undefined;
}

export function simulationText({ pipeline, runs, transitions, clusters, left }: Simulation): string {
  const lines = runs.slice(0, LISTED).flatMap(runLines);
  const more = runs.length > LISTED ? [`... and ${runs.length - LISTED} more: --json has all`] : [];
  const perRun = runs.length ? `${(transitions / runs.length).toFixed(1)} a run` : 'no run';
  return [
    ...lines,
    ...more,
    ...scheduleLines(runs),
    `${pipeline}: ${[counted(runs), ...took(runs), `${transitions} transitions (${perRun})`, `${clusters} clusters`].join(', ')}`,
    left.length ? `left behind: ${left.join(', ')}` : 'nothing left behind',
  ].join('\n');
}

/** Of a pipeline with several. */
function scheduleLines(runs: readonly SimulatedRun[]): string[] {
  const schedules = [...new Set(runs.map(({ run }) => scheduleOf(run)))].sort();
  const own = (schedule: string) => runs.filter(({ run }) => scheduleOf(run) === schedule);
  return schedules.length < 2 ? [] : schedules.map((schedule) => `schedule ${schedule}: ${[counted(own(schedule)), ...took(own(schedule))].join(', ')}`);
}

function counted(runs: readonly SimulatedRun[]): string {
  const counts = [...new Set(runs.map(({ status }) => status))].map((status) => `${runs.filter((run) => run.status === status).length} ${status}`);
  return `${runs.length} runs (${counts.join(', ') || 'none'})`;
}

function took(runs: readonly SimulatedRun[]): string[] {
  if (runs.length === 0) return [];
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
  return [`${duration(seconds[0])} to ${duration(seconds[seconds.length - 1])}`, `${duration(seconds[Math.floor(seconds.length / 2)])} at the median`];
}

function runLines({ run, status, startTime, seconds, transitions, objects }: SimulatedRun): string[] {
  const open = Object.entries(objects).filter(([, object]) => object.status !== 'FINISHED' || object.attempts > 1);
  return [
    `${run}  ${status.padEnd(8)}  began ${startTime.slice(0, 19)}Z  took ${duration(seconds)}  ${transitions} transitions`,
    ...open.map(([id, { status: its, attempts, reason }]) => `    ${id}: ${its} after ${attempts} attempt${attempts === 1 ? '' : 's'}${reason ? `: ${reason.slice(0, 100)}` : ''}`),
  ];
}

/** `1:02:03`: hours, minutes, seconds. */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
