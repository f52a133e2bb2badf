import { Definition } from './definition';
import { Aborted, StateError, TIMEOUT } from './errors';
import { History, HistoryEvent, Trail } from './history';
import { runScope } from './interpreter';
import { JsonObject } from './json';
import { Cancellation } from './signals';
import { Json } from './task';
import { described } from './task-events';
import { ThreadOwner, World } from './thread';
import { Variables } from './variables';
import { isoTime } from './visit';

/** The error of an execution that the simulator itself, or a handler, could not carry on. */
export const SIMULATOR_FAULT = 'Simulator.Fault';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How an execution ended. */
export interface ExecutionResult {
  readonly status: ExecutionStatus;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
}

export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: Definition;
}

/** One execution of a state machine, from its start on. */
export class Execution implements ThreadOwner {
  public readonly startDate: number;
  public stopDate?: number;
  /** State transitions, as they are billed: states entered and tasks tried again. */
  public transitions = 0;
  /** Settles when the execution has ended; rejects only where the simulator itself, or a handler, is at fault. */
  public readonly result: Promise<ExecutionResult>;
  public readonly context: JsonObject;
  private ended?: ExecutionResult;
  private readonly recorder: History;
  private readonly trail: Trail;
  private readonly cancellation = new Cancellation();

  constructor(
    readonly arn: string,
    readonly name: string,
    readonly stateMachine: StateMachine,
    readonly input: Json,
    private readonly world: World,
  ) {
    this.startDate = world.clock.now();
    this.recorder = new History(() => world.clock.now(), world.keepHistory);
    this.trail = new Trail(this.recorder);
    this.context = this.contextObject();
    this.result = this.run();
  }

  public get history(): readonly HistoryEvent[] {
    return this.recorder.events;
  }

  public get status(): ExecutionStatus {
    return this.ended?.status ?? 'RUNNING';
  }

  /** How it ended; undefined while it runs. */
  public get outcome(): ExecutionResult | undefined {
    return this.ended;
  }

  /** Ends the execution at once: no Catch runs. */
  public stop(error?: string, cause?: string): void {
    this.end({ status: 'ABORTED', ...described({ error, cause }) }, 'the execution was stopped');
  }

  public countTransition(state: string): void {
    this.transitions++;
    this.world.standstill.count(this.world.clock.now(), `${this.stateMachine.name}: ${state}`);
  }

  private async run(): Promise<ExecutionResult> {
    const { definition, roleArn } = this.stateMachine;
    const timer = this.startTimer(definition.TimeoutSeconds);
    this.recorder.add('ExecutionStarted', 0, { input: this.input, roleArn });
    try {
      const thread = { world: this.world, owner: this, variables: new Variables(), trail: this.trail, signal: this.cancellation.signal };
      this.end({ status: 'SUCCEEDED', output: await runScope(definition, this.input, thread) });
    } catch (error) {
      if (error instanceof StateError) this.end({ status: 'FAILED', ...described(error) });
      else if (!this.ended) throw this.faulty(error);
    } finally {
      timer.cancel();
    }
    return this.ended!;
  }

  /** What no service would answer: who waits for the result gets the error itself. */
  private faulty(error: unknown): unknown {
    this.end({ status: 'FAILED', error: SIMULATOR_FAULT, cause: String(error) });
    return error;
  }

  private startTimer(seconds?: number): Cancellation {
    const timer = new Cancellation();
    if (seconds !== undefined) {
      this.world.clock.sleep(seconds * 1000, timer.signal).then(
        () => this.end({ status: 'TIMED_OUT', error: TIMEOUT }, 'the execution timed out'),
        () => undefined,
      );
    }
    return timer;
  }

  private end(result: ExecutionResult, abort?: string): void {
    if (this.ended) return;
    this.ended = result;
    this.stopDate = this.world.clock.now();
    const { status, ...details } = result;
    this.recorder.close(END_EVENTS[status], this.trail.last, details);
    if (abort) this.cancellation.cancel(new Aborted(abort));
  }

  private contextObject(): JsonObject {
    return {
      Execution: {
        Id: this.arn,
        Input: this.input,
        Name: this.name,
        RoleArn: this.stateMachine.roleArn,
        StartTime: isoTime(this.startDate),
        RedriveCount: 0,
      },
      StateMachine: { Id: this.stateMachine.arn, Name: this.stateMachine.name },
    };
  }
}

const END_EVENTS: Readonly<Record<ExecutionStatus, string>> = {
  RUNNING: '',
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};
