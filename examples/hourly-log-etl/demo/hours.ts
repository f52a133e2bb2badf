import { HadoopJarStep, StepRunner } from '../../../simulator/services/emr-step';
import { RunResult } from '../../../src/contract/run';
import { AccessLog, accessLog } from '../logs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One hour of the demo: its log, and what befalls its run. */
export interface DemoHour {
  readonly log: AccessLog;
  /** When the run's tick is due. */
  readonly due: Date;
  /** How long after the tick the log is there; before it where negative. */
  readonly logDelay: number;
  /** Whether the first attempt at the transform fails. */
  readonly nodeLost: boolean;
}

export function demoHours(first: Date, seed: number): DemoHour[] {
  const hour = (index: number, event: Partial<DemoHour> = {}): DemoHour => {
    const start = new Date(first.getTime() + index * HOUR);
    return { log: accessLog(start, seed), due: new Date(start.getTime() + HOUR), logDelay: -MINUTE, nodeLost: false, ...event };
  };
  return [hour(0), hour(1, { logDelay: 12.5 * MINUTE }), hour(2, { nodeLost: true })];
}

/** `2026-12-01T08-00-00Z` */
export function runOf({ log }: DemoHour): string {
  return log.hour.toISOString().replace('.000Z', 'Z').replaceAll(':', '-');
}

/** The first attempt at the transform of an hour in which a node is lost fails when it has written its output. */
export function losingNodes(hours: readonly DemoHour[], runner: StepRunner): StepRunner {
  const doomed = new Set(hours.filter(({ nodeLost }) => nodeLost).map(inputOf));
  return async (step, context) => {
    const input = [...doomed].find((each) => reads(step, each));
    await runner(step, context);
    if (input === undefined) return;
    doomed.delete(input);
    throw new Error('Container released on a *lost* node (made up for the demo)');
  };
}

/** How a run came out otherwise than it had to. */
export function surprises(hour: DemoHour, { status, objects }: RunResult): string[] {
  const held = hour.logDelay > 0;
  const attemptsOf = (id: string) => (id === 'Transform' && hour.nodeLost ? 2 : 1);
  const wrong = Object.entries(objects).filter(([id, { status: own, attempts }]) => (
    own !== 'FINISHED' || (id === 'LogsWaiting' && held ? attempts < 2 : attempts !== attemptsOf(id))
  ));
  return [
    ...(status === 'FINISHED' ? [] : [`run ${runOf(hour)} is ${status}`]),
    ...wrong.map(([id, { status: own, attempts, reason }]) => `${id} of run ${runOf(hour)} is ${own} after ${attempts} attempts ${reason ?? ''}`),
  ];
}

function reads({ Args = [] }: HadoopJarStep, input: string): boolean {
  return Args.some((argument) => argument.endsWith(input));
}

/** `/raw/2026/12/01/08/` */
function inputOf({ log }: DemoHour): string {
  return `/raw/${log.hour.toISOString().slice(0, 13).replace(/[-T]/g, '/')}/`;
}
