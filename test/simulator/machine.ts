import { VirtualClock } from '../../simulator/clock';
import { Execution, ExecutionResult } from '../../simulator/execution';
import { StepFunctions, StepFunctionsOptions } from '../../simulator/step-functions';
import { Json, TaskFailure, TaskHandler } from '../../simulator/task';

export const START = Date.UTC(2026, 11, 1);
export const TASK = 'arn:aws:states:::test:work';
export const ACTIVITY = 'arn:aws:states:us-east-1:111111111111:activity:Plant';

/** A JSONata machine that starts with the first of its states. */
export function machine(states: { [name: string]: Json }, fields: { [name: string]: Json } = {}): Json {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...fields };
}

export function branch(states: { [name: string]: Json }): Json {
  return { StartAt: Object.keys(states)[0], States: states };
}

/** Fails as often as there are errors, each after a second, and then returns the number of calls. */
export function failing(...errors: string[]): TaskHandler {
  let calls = 0;
  return async ({ clock, signal }) => {
    const error = errors[calls++];
    await clock.sleep(1000, signal);
    if (error) throw new TaskFailure(error, `call ${calls}`);
    return calls;
  };
}

/** One execution in a service of its own. */
export class Trial {
  public readonly clock = new VirtualClock(START);
  public readonly service: StepFunctions;
  public readonly execution: Execution;

  constructor(definition: Json, { input = {}, work, ...options }: { input?: Json; work?: TaskHandler } & Partial<StepFunctionsOptions> = {}) {
    this.service = new StepFunctions({ clock: this.clock, ...options, handlers: { 'test:work': work ?? (async () => null), ...options.handlers } });
    this.execution = this.service.startExecution({ stateMachineArn: this.service.createStateMachine({ name: 'Run', definition }), input });
  }

  public finish(): Promise<ExecutionResult> {
    return this.clock.run(this.execution.result);
  }

  /** Seconds since the start. */
  public get elapsed(): number {
    return (this.clock.now() - START) / 1000;
  }

  /** When, in seconds since the start, each event of a type happened. */
  public times(type: string): number[] {
    return this.execution.history.filter(event => event.type === type).map(event => (event.timestamp - START) / 1000);
  }

  public get eventTypes(): string[] {
    return this.execution.history.map(event => event.type);
  }
}
