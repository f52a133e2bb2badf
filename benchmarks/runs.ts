import { pipelineOf } from './pipelines';
import { Deployed } from './transitions';
import { LogEtlStack } from '../examples/hourly-log-etl/log-etl-stack';

export interface RunsPerSecond {
  readonly name: string;
  readonly runs: number;
  readonly seconds: number;
}

const HOUR = 3_600_000;
const FIRST_TICK = Date.UTC(2026, 11, 1, 1);

/** Runs one after the other in one simulated account: of the log ETL, and of an N (a before c, a and b before d). */
export async function runsPerSecond(count: number): Promise<RunsPerSecond[]> {
  const etl = await Deployed.of((app) => new LogEtlStack(app, 'LogEtl'));
  const n = await Deployed.of((app) => pipelineOf([[], [], [0], [0, 1]], app));
  return [
    await timed('hourly log ETL', count, async (run) => etl.start('StarterStateMachine', { scheduledTime: new Date(FIRST_TICK + run * HOUR).toISOString() })),
    await timed('N graph', count, async () => n.start('StarterStateMachine', {})),
  ];
}

async function timed(name: string, runs: number, start: (run: number) => Promise<void>): Promise<RunsPerSecond> {
  const began = performance.now();
  for (let run = 0; run < runs; run += 1) await start(run);
  return { name, runs, seconds: (performance.now() - began) / 1000 };
}
