/** The project's figures: `npm run benchmarks`. With `--smoke`, small sizes only, to see that all of it still runs. */
import { copySpeeds } from './copies';
import { latchesIn } from './latches';
import { chain, fanOut, layered, Order } from './orders';
import { RunsPerSecond, runsPerSecond } from './runs';
import { SAMPLES } from './samples';
import { growth, Synthesis, synthesisOf } from './synthesis';
import { bundleSize, starts, taskSpeeds } from './task-runner';
import { logEtlTransitions, Transitions, transitionsOf } from './transitions';

const SHAPES: ReadonlyArray<readonly [name: string, order: (size: number) => Order]> = [
  ['chain', chain], ['fan-out', fanOut], ['layers at random', layered],
];

async function main(smoke: boolean): Promise<void> {
  await transitions();
  latches();
  synthesis(smoke ? [10, 20] : [10, 100, 300, 1000]);
  await simulatedRuns(smoke ? 2 : 100);
  await taskRunner(smoke ? 10 : 100, smoke ? 1 : 5);
  await copies(smoke ? 1000 : 1_000_000, smoke ? 1 : 3);
}

async function transitions(): Promise<void> {
  const row = (name: string, { activities, run, library, byHand }: Transitions) => ({
    'flow': name,
    activities,
    'Run': run,
    'with Starter and reaper': library,
    'an activity': rounded(library / activities),
    'by hand': byHand,
    'by hand, an activity': rounded(byHand / activities),
    'ratio': rounded(library / byHand),
  });
  show('State transitions of a run in which all is well', [
    row('chain of 10', await transitionsOf(chain(10))),
    row('one, then 20 beside each other', await transitionsOf(fanOut(21))),
    row('hourly log ETL', await logEtlTransitions()),
  ]);
}

async function taskRunner(tasks: number, rounds: number): Promise<void> {
  const speeds = await taskSpeeds(tasks, [2, 10]);
  show(`Tasks that do nothing, ${tasks} of them`, speeds.map(({ by, concurrency, tasksPerSecond, p50, p95, idle, most }, index) => ({
    by,
    'at a time': concurrency,
    'a second': Math.round(tasksPerSecond),
    'of what a bare loop does': rounded(tasksPerSecond / speeds[index - index % 2 + 1].tasksPerSecond),
    'picked up and answered, ms: p50': rounded(p50),
    'p95': rounded(p95),
    'memory idle, MB': Math.round(idle),
    'most': Math.round(most),
  })));
  const { taskRunner: ours, node } = await starts(rounds);
  show('Task Runner', [{ 'starts in, ms': Math.round(ours), 'node -e 0, ms': Math.round(node), 'ratio': rounded(ours / node), 'bundle, kB': Math.round(bundleSize()) }]);
}

async function copies(rows: number, rounds: number): Promise<void> {
  const speeds = await copySpeeds(rows, rounds);
  show(`Copies of ${rows} rows, the best of ${rounds}`, speeds.map(({ copy, by, megabytesPerSecond, ratio, megabytes }) => ({
    copy, by, 'MB/s': rounded(megabytesPerSecond), 'Task Runner beside it': rounded(ratio), 'memory, MB': megabytes === undefined ? '' : Math.round(megabytes),
  })));
}

function latches(): void {
  const samples = Object.entries(SAMPLES).map(([name, order]) => ({ graph: name, ...latchesIn(order) }));
  const sum = (of: 'activities' | 'edges' | 'latches') => samples.reduce((total, each) => total + each[of], 0);
  const all = { graph: 'all of these samples', activities: sum('activities'), edges: sum('edges'), latches: sum('latches') };
  const drawn = [20, 100].map((size) => ({ graph: `layers at random, ${size}`, ...latchesIn(layered(size)) }));
  show('Latches', [...samples, all, ...drawn].map((each) => ({ ...each, 'an edge': rounded(each.latches / each.edges) })));
}

function synthesis(sizes: readonly number[]): void {
  synthesisOf(chain(10)); // warms up
  for (const [name, shape] of SHAPES) {
    const all = sizes.map((size) => [size, synthesisOf(shape(size))] as const);
    show(`Synthesis, ms: ${name}`, all.map(([size, { compile, library, byHand }]) => ({
      'activities': size,
      'compiler alone': Math.round(compile),
      'library': library === undefined ? 'refused: too large' : Math.round(library),
      'by hand': Math.round(byHand),
      'ratio': library === undefined ? '' : rounded(library / byHand),
    })));
    console.log(exponents(all));
  }
}

/** From the second size to the last that there is. */
function exponents(all: ReadonlyArray<readonly [number, Synthesis]>): string {
  return (['compile', 'library', 'byHand'] as const).map((of) => {
    const known = all.filter(([, each]) => each[of] !== undefined);
    const [[small, before], [large, after]] = [known[Math.min(1, known.length - 2)], known[known.length - 1]];
    return `${of} grows with exponent ${rounded(growth([small, large], [before[of]!, after[of]!]))} from ${small} to ${large}`;
  }).join('; ');
}

async function simulatedRuns(count: number): Promise<void> {
  const row = ({ name, runs, seconds }: RunsPerSecond) => ({ 'flow': name, 'runs': runs, 'a second': Math.round(runs / seconds) });
  show('Simulated runs', (await runsPerSecond(count)).map(row));
}

function show(title: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>): void {
  console.log(`\n${title}`);
  console.table(rows);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

void main(process.argv.includes('--smoke'));
