import { Activities } from './activities';
import { Clock } from './clock';
import { Trail } from './history';
import { JsonObject } from './json';
import { Evaluator } from './jsonata';
import { Signal } from './signals';
import { Standstill } from './standstill';
import { Json, TaskHandler, TaskRequest } from './task';
import { TaskTokens } from './tokens';
import { Variables } from './variables';

/** Sees what executions do, and may come in between. */
export interface Observer {
  /** A state is about to be entered. */
  readonly entering?: (executionArn: string, state: string) => void;
  /** A task calls a service: what this answers is the answer. */
  readonly calling?: (request: TaskRequest, handler: TaskHandler) => Promise<Json>;
}

/** What all executions share. */
export interface World {
  readonly clock: Clock;
  readonly random: () => number;
  readonly evaluator: Evaluator;
  readonly handlers: ReadonlyMap<string, TaskHandler>;
  readonly tokens: TaskTokens;
  readonly activities: Activities;
  readonly region: string;
  readonly keepHistory: boolean;
  readonly observer: Observer;
  readonly standstill: Standstill;
  /** The error of a missed heartbeat: documented as States.HeartbeatTimeout, recorded as States.Timeout. */
  readonly heartbeatError: string;
}

/** The execution that a thread belongs to. */
export interface ThreadOwner {
  readonly arn: string;
  /** Execution and StateMachine of the context object. */
  readonly context: JsonObject;
  /** A state is entered, or a task is tried again: what is billed. */
  countTransition(state: string): void;
}

/** One line of control in an execution: the machine's own, a branch's or an iteration's. */
export interface Thread {
  readonly world: World;
  readonly owner: ThreadOwner;
  readonly variables: Variables;
  readonly trail: Trail;
  readonly signal: Signal;
  /** Where the thread is a branch of a Parallel state. */
  readonly isBranch?: boolean;
  /** Map of the context object, inside an iteration. */
  readonly map?: JsonObject;
}
