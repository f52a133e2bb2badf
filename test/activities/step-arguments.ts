import { Stack } from 'aws-cdk-lib';
import { VirtualClock } from '../../simulator/clock';
import { Evaluator } from '../../simulator/jsonata';
import { Json } from '../../simulator/task';
import { Activity } from '../../src';
import { argumentField, StepArgument } from '../../src/compiler/step-argument';
import { TextRenderer } from '../../src/compiler/text';
import { EmrWork, Work } from '../../src/compiler/work';
import { concrete } from '../compiler/machines';

/** The arguments of an activity's steps in a run of 2026-12-01 with these parameters. */
export async function stepArguments(activity: Activity, parameters: Record<string, string> = {}): Promise<string[][]> {
  const texts = new TextRenderer();
  const fields = stepsOf(activity._work()).map(({ args }) => (args as StepArgument[]).map((argument) => argumentField(texts, argument)));
  const stack = Stack.of(activity);
  const constants = concrete(stack, texts.constants) as Record<string, Json>;
  const variables = { ...constants, parameters, scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-02T00:00:00Z' };
  const evaluator = new Evaluator(new VirtualClock(0), () => 0);
  return Promise.all(fields.map((args) => Promise.all(args.map(async (each) => {
    const value = await evaluator.evaluateAs('string', concrete(stack, each), { variables }, 'Args');
    return String(value);
  }))));
}

/** On a cluster, or on the hosts of a worker group. */
function stepsOf(work: Work): ReadonlyArray<{ readonly args: readonly unknown[] }> {
  return work.kind === 'taskRunner' && work.task.kind === 'steps' ? work.task.steps : (work as EmrWork).steps;
}
