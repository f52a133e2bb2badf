import { Command, InvalidArgumentError } from 'commander';
import { Behaviour } from './behaviour';
import { assemblyCommand, AssemblyOptions, print } from './plan';
import { SimulatedPipeline, withAssembly } from './simulated-pipeline';
import { Simulation, simulationOf, simulationText } from './simulation';

export interface SimulateOptions extends AssemblyOptions {
  readonly from: Date;
  readonly to: Date;
  readonly seed: number;
  readonly faults: number;
}

export function simulateCommand(): Command {
  return assemblyCommand('simulate', 'runs a range of the calendar in virtual time, with seeded durations, and prints what becomes of its runs')
    .requiredOption('--from <time>', 'first tick, ISO-8601', time)
    .requiredOption('--to <time>', 'end of the ticks, exclusive, ISO-8601', time)
    .option('--seed <number>', 'another seed is another course of things', whole, 1)
    .option('--faults <rate>', 'part of all attempts and launches that fail, from 0 to 1', rate, 0)
    .action(async (folder: string, options: SimulateOptions) => print(await simulate(folder, options), simulationText, options));
}

export function simulate(folder: string, { from, to, seed, faults, stack, pipeline }: SimulateOptions): Promise<Simulation> {
  return withAssembly(folder, stack, async (assembly, store) => {
    const behaviour = new Behaviour(seed, faults);
    const simulated = await SimulatedPipeline.load({ assembly, pipeline, store, start: from.getTime(), seed, behaviour });
    await simulated.clock.run(simulated.hasSchedule ? deliverTicks(simulated, from, to) : activate(simulated));
    await simulated.clock.run(simulated.stack.settled());
    return simulationOf(simulated);
  });
}

async function deliverTicks(simulated: SimulatedPipeline, from: Date, to: Date): Promise<void> {
  const { clock, stack } = simulated;
  const starters = simulated.machines('starter');
  simulated.deploy();
  for (const tick of stack.ticksBetween(from, to).filter(({ targetArn }) => starters.includes(targetArn))) {
    await clock.sleep(tick.time - clock.now());
    stack.deliver(tick);
  }
}

/** A pipeline on demand runs once. */
async function activate(simulated: SimulatedPipeline): Promise<void> {
  const [stateMachineArn] = simulated.machines('starter');
  await simulated.stack.stepFunctions.startExecution({ stateMachineArn }).result;
}

export function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("it must be a time in ISO-8601, such as '2026-12-01T00:00:00Z'.");
  return date;
}

export function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 0.');
  return Number(text);
}

function rate(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('it must be a number from 0 to 1.');
  return number;
}
