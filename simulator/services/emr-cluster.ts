import { Clock } from '../clock';
import { Json } from '../task';
import { ActionOnFailure, EmrStep, formatted, HadoopJarStep, StepRunner, TimeFormat } from './emr-step';
import { Cancellation, Signal } from '../signals';

export type ClusterState = 'STARTING' | 'BOOTSTRAPPING' | 'RUNNING' | 'WAITING' | 'TERMINATING' | 'TERMINATED' | 'TERMINATED_WITH_ERRORS';

export interface ClusterRequest {
  readonly name: string;
  readonly logUri?: string;
  readonly stepConcurrencyLevel: number;
  /** Seconds of idleness. */
  readonly idleTimeout?: number;
  readonly terminationProtected: boolean;
  /** The rest of what DescribeCluster repeats: tags, release label, applications. */
  readonly described: Readonly<Record<string, Json>>;
}

/** How a cluster's launch goes. */
export interface Launch {
  /** Milliseconds until it can run steps, or until the launch has failed. */
  readonly startup: number;
  /** Milliseconds between the order to end and the end. */
  readonly shutdown: number;
  /**
   * Milliseconds after which the cluster comes to be, where the launch is answered at once, by an error: the request has been taken,
   * and nobody was told.
   */
  readonly surfacing?: number;
  /** Why the launch fails, where it does. */
  readonly failure?: string;
}

/** Why a cluster ended; the codes are EMR's. */
export interface ChangeReason {
  readonly code: 'USER_REQUEST' | 'INSTANCE_FAILURE' | 'BOOTSTRAP_FAILURE' | 'STEP_FAILURE' | 'ALL_STEPS_COMPLETED' | 'INTERNAL_ERROR';
  readonly message: string;
}

/** One cluster, from its launch to its end. It begins to start when it is made. */
export class EmrCluster {
  public readonly steps: EmrStep[] = [];
  public readonly createdAt: number;
  public state: ClusterState = 'STARTING';
  private reason?: ChangeReason;
  private readyAt?: number;
  private endedAt?: number;
  private readonly watchers = new Set<() => void>();
  /** Aborted when the cluster begins to end. */
  private readonly life = new Cancellation();
  /** Aborted when there is work again. */
  private idleness?: Cancellation;

  constructor(
    public readonly id: string,
    public readonly arn: string,
    public readonly request: ClusterRequest,
    private readonly launch: Launch,
    private readonly runner: StepRunner,
    private readonly clock: Clock,
  ) {
    this.createdAt = clock.now();
    void this.start();
  }

  /** Neither ended nor ending. */
  public get alive(): boolean {
    return !this.life.signal.aborted;
  }

  public get ended(): boolean {
    return this.endedAt !== undefined;
  }

  public addStep(id: string, name: string, actionOnFailure: ActionOnFailure, jarStep: HadoopJarStep): EmrStep {
    const step = new EmrStep(id, name, actionOnFailure, jarStep, this.clock);
    this.steps.push(step);
    this.dispatch();
    return step;
  }

  public cancelStep(step: EmrStep): void {
    step.cancel();
    this.dispatch();
  }

  /** Begins to end the cluster; one that ends already goes on ending. */
  public terminate(reason: ChangeReason): void {
    if (!this.alive) return;
    this.reason = reason;
    this.life.cancel(new Error(`cluster ${this.id} is terminated`));
    this.idleness?.cancel();
    for (const step of this.steps) step.interrupt();
    this.become('TERMINATING');
    void this.stop();
  }

  /** Resolves when `reached` holds, which is looked at after every change; rejects when the signal aborts first. */
  public until(reached: () => boolean, signal: Signal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        this.watchers.delete(look);
        signal.removeEventListener('abort', abort);
        outcome();
      };
      const look = () => reached() && settle(resolve);
      const abort = () => settle(() => reject(signal.reason));
      if (signal.aborted) return abort();
      this.watchers.add(look);
      signal.addEventListener('abort', abort);
      look();
    });
  }

  /** As ListClusters answers. */
  public summarize(time: TimeFormat): { [name: string]: Json } {
    const timeline = { CreationDateTime: this.createdAt, ReadyDateTime: this.readyAt, EndDateTime: this.endedAt };
    const { code, message } = this.reason ?? {};
    return {
      Id: this.id,
      Name: this.request.name,
      Status: {
        State: this.state,
        StateChangeReason: code && message ? { Code: code, Message: message } : {},
        Timeline: formatted(timeline, time),
      },
      NormalizedInstanceHours: 0,
      ClusterArn: this.arn,
    };
  }

  /** As DescribeCluster answers. */
  public describe(time: TimeFormat): { [name: string]: Json } {
    const { request } = this;
    return {
      ...this.summarize(time),
      ...request.described,
      ...(request.logUri === undefined ? {} : { LogUri: request.logUri }),
      AutoTerminate: false,
      TerminationProtected: request.terminationProtected,
      StepConcurrencyLevel: request.stepConcurrencyLevel,
    };
  }

  private async start(): Promise<void> {
    const { startup, failure } = this.launch;
    const code = failure === undefined ? undefined : 'BOOTSTRAP_FAILURE';
    try {
      await this.clock.sleep(startup / 2, this.life.signal);
      this.become('BOOTSTRAPPING');
      await this.clock.sleep(startup - startup / 2, this.life.signal);
    } catch {
      // Terminated while it started.
      return;
    }
    if (code) return this.terminate({ code, message: failure! });
    this.readyAt = this.clock.now();
    this.become('RUNNING');
    this.dispatch();
  }

  private async stop(): Promise<void> {
    await this.clock.sleep(this.launch.shutdown);
    this.endedAt = this.clock.now();
    const expected = this.reason?.code === 'USER_REQUEST' || this.reason?.code === 'ALL_STEPS_COMPLETED';
    this.become(expected ? 'TERMINATED' : 'TERMINATED_WITH_ERRORS');
  }

  /** Starts as many steps as may run, in the order in which they were added. */
  private dispatch(): void {
    if (this.readyAt !== undefined && this.alive) {
      const free = this.request.stepConcurrencyLevel - this.steps.filter(step => step.running).length;
      for (const step of this.steps.filter(({ state }) => state === 'PENDING').slice(0, Math.max(0, free))) void this.run(step);
      this.rest();
    }
    this.changed();
  }

  private async run(step: EmrStep): Promise<void> {
    const { logUri } = this.request;
    await step.run(this.runner, this.id, logUri && `${logUri.replace(/\/*$/, '/')}${this.id}/steps/${step.id}/`);
    if (step.state === 'FAILED') this.act(step);
    this.dispatch();
  }

  private act({ actionOnFailure, id }: EmrStep): void {
    if (actionOnFailure === 'CANCEL_AND_WAIT') {
      for (const step of this.steps.filter(({ state }) => state === 'PENDING')) step.cancel();
    } else if (actionOnFailure !== 'CONTINUE') {
      this.terminate({ code: 'STEP_FAILURE', message: `Shut down as step failed: ${id}` });
    }
  }

  /** WAITING while there is nothing to do, and ended when that lasts too long. */
  private rest(): void {
    const idle = !this.steps.some(step => step.running);
    if (idle === (this.state === 'WAITING')) return;
    this.state = idle ? 'WAITING' : 'RUNNING';
    this.idleness?.cancel();
    if (idle && this.request.idleTimeout !== undefined) void this.expire(this.request.idleTimeout);
  }

  private async expire(seconds: number): Promise<void> {
    this.idleness = new Cancellation();
    try {
      await this.clock.sleep(seconds * 1000, this.idleness.signal);
      this.terminate({ code: 'ALL_STEPS_COMPLETED', message: 'Cluster auto-terminated after being idle' });
    } catch {
      // There is work again, or the cluster has ended otherwise.
    }
  }

  private become(state: ClusterState): void {
    this.state = state;
    this.changed();
  }

  private changed(): void {
    for (const look of [...this.watchers]) look();
  }
}
