import { Clock } from '../clock';
import { Json } from '../task';
import { messageOf } from './integration';
import { Cancellation, Signal } from '../signals';

export interface HadoopJarStep {
  readonly Jar: string;
  readonly MainClass?: string;
  readonly Args?: readonly string[];
  readonly Properties?: Json;
}

export interface StepContext {
  readonly clusterId: string;
  readonly stepId: string;
  readonly stepName: string;
  /** S3 URI of the step's logs, ending in `/`. */
  readonly logUri?: string;
  readonly clock: Clock;
  /** Aborted when the step is cancelled or its cluster ends. */
  readonly signal: Signal;
}

/** Does a step's work. What it throws fails the step. */
export type StepRunner = (step: HadoopJarStep, context: StepContext) => Promise<void>;

export type StepState = 'PENDING' | 'RUNNING' | 'CANCEL_PENDING' | 'COMPLETED' | 'CANCELLED' | 'FAILED' | 'INTERRUPTED';

export type ActionOnFailure = 'CONTINUE' | 'CANCEL_AND_WAIT' | 'TERMINATE_CLUSTER' | 'TERMINATE_JOB_FLOW';

/** How an API writes a time. */
export type TimeFormat = (milliseconds: number) => Json;

/** One step of a cluster: what it is and what became of it. */
export class EmrStep {
  public state: StepState = 'PENDING';
  /** Why it failed. */
  public reason?: string;
  private readonly abort = new Cancellation();
  private readonly createdAt: number;
  private startedAt?: number;
  private endedAt?: number;

  constructor(
    public readonly id: string,
    public readonly name: string,
    public readonly actionOnFailure: ActionOnFailure,
    private readonly jarStep: HadoopJarStep,
    private readonly clock: Clock,
  ) {
    this.createdAt = clock.now();
  }

  public get ended(): boolean {
    return this.endedAt !== undefined;
  }

  public get running(): boolean {
    return this.startedAt !== undefined && !this.ended;
  }

  /** Runs the step to its end; does not throw. */
  public async run(runner: StepRunner, clusterId: string, logUri: string | undefined): Promise<void> {
    this.state = 'RUNNING';
    this.startedAt = this.clock.now();
    const { id, name, clock, abort: { signal } } = this;
    try {
      await runner(this.jarStep, { clusterId, stepId: id, stepName: name, logUri, clock, signal });
      this.end('COMPLETED');
    } catch (error) {
      if (!signal.aborted) this.reason = messageOf(error);
      this.end('FAILED');
    }
  }

  /** A pending step will not run; a running one is CANCELLED when its work has stopped. */
  public cancel(): void {
    if (this.state === 'RUNNING') {
      this.state = 'CANCEL_PENDING';
      this.abort.cancel(new Error(`step ${this.id} is cancelled`));
    } else if (this.state === 'PENDING') {
      this.end('CANCELLED');
    }
  }

  /** Its cluster has ended. */
  public interrupt(): void {
    if (this.ended) return;
    this.end(this.running ? 'INTERRUPTED' : 'CANCELLED');
    this.abort.cancel(new Error(`the cluster of step ${this.id} has ended`));
  }

  /** As DescribeStep answers. */
  public describe(time: TimeFormat): { [name: string]: Json } {
    const timeline = { CreationDateTime: this.createdAt, StartDateTime: this.startedAt, EndDateTime: this.endedAt };
    return {
      Id: this.id,
      Name: this.name,
      ActionOnFailure: this.actionOnFailure,
      Config: { Properties: {}, ...this.jarStep, Args: [...this.jarStep.Args ?? []] } as Json,
      Status: {
        State: this.state,
        StateChangeReason: {},
        ...(this.reason === undefined ? {} : { FailureDetails: { Reason: 'Unknown Error.', Message: this.reason } }),
        Timeline: formatted(timeline, time),
      },
    };
  }

  private end(state: StepState): void {
    if (this.ended) return;
    this.state = this.state === 'CANCEL_PENDING' && state === 'FAILED' ? 'CANCELLED' : state;
    this.endedAt = this.clock.now();
  }
}

/** The times that are known. */
export function formatted(timeline: Readonly<Record<string, number | undefined>>, time: TimeFormat): Json {
  const known = Object.entries(timeline).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(known.map(([name, milliseconds]) => [name, time(milliseconds)]));
}
