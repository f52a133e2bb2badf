import { HadoopJarStep, StepContext, StepRunner } from './emr-step';

export interface ModelledStep {
  /** Milliseconds. */
  readonly duration: number;
  /** Why the step fails at its end, where it does. */
  readonly failure?: string;
}

/** Steps that take the time and end the way that a function says. */
export function modelledSteps(model: (step: HadoopJarStep, context: StepContext) => ModelledStep): StepRunner {
  return async (step, context) => {
    const { duration, failure } = model(step, context);
    await context.clock.sleep(duration, context.signal);
    if (failure !== undefined) throw new Error(failure);
  };
}
