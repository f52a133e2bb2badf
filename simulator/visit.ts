import { Exit, State, Template } from './definition';
import { DATA_LIMIT_EXCEEDED, FatalStateError, QUERY_EVALUATION_ERROR, StateError } from './errors';
import { isObject, isTooLarge, JsonObject, MAX_PAYLOAD_BYTES, sizeOf } from './json';
import { Bindings, EvaluationError, JsonType } from './jsonata';
import { Json } from './task';
import { Thread } from './thread';

/** What a state leaves with. */
export interface Departure {
  readonly output: Json;
  readonly assigned?: JsonObject;
  readonly next?: string;
}

/** What `$states` holds beside input and context: `result` after the work, `errorOutput` in a Catch. */
export interface Outcome {
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** One stay of a thread in a state, with all its retries. */
export class Visit<S extends State = State> {
  /** How often the state was tried again. */
  public retryCount = 0;
  private readonly enteredTime: number;
  private token?: string;
  /** The context object, as long as it stays the same. */
  private known?: JsonObject;
  private readonly eventId: number;

  constructor(readonly thread: Thread, readonly name: string, readonly state: S, readonly input: Json) {
    thread.world.observer.entering?.(thread.owner.arn, name);
    thread.signal.throwIfAborted();
    this.enteredTime = thread.world.clock.now();
    this.eventId = thread.trail.enter(`${state.Type}StateEntered`, { name, input });
    thread.owner.countTransition(name);
  }

  /** The token of the attempt, where a task waits for one. */
  public set taskToken(token: string | undefined) {
    this.token = token;
    this.known = undefined;
  }

  public retried(): void {
    this.retryCount++;
    this.known = undefined;
    this.thread.owner.countTransition(this.name);
  }

  /** `fallback` where the definition leaves the field out. */
  public evaluate(
    field: string, template: Template | undefined, fallback: Json, more: { outcome?: Outcome; map?: JsonObject } = {},
  ): Json | Promise<Json> {
    if (template === undefined) return fallback;
    return this.guarded(() => this.thread.world.evaluator.evaluate(template, this.bindings(more.outcome, more.map), field));
  }

  public evaluateAs(type: JsonType, field: string, template: Template): Json | Promise<Json> {
    return this.guarded(() => this.thread.world.evaluator.evaluateAs(type, template, this.bindings(), field));
  }

  /** An integer of a field that takes one, in the range that the field allows. */
  public async evaluateInteger(field: string, template: Template | undefined, least: number, most = 99_999_999): Promise<number | undefined> {
    if (template === undefined) return undefined;
    const value = await this.evaluateAs('number', field, template);
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    throw this.evaluationFailed(`The ${field} field must be an integer between ${least} and ${most} but was: ${JSON.stringify(value)}`, field);
  }

  /** Assign and Output both see the variables as they were when the state was entered. */
  public exit({ Assign, Output, Next: next }: Exit, fallback: Json, outcome?: Outcome): Departure | Promise<Departure> {
    return after(this.evaluate('Assign', Assign, null, { outcome }), assigned => (
      after(this.evaluate('Output', Output, fallback, { outcome }), output => ({ output, assigned: isObject(assigned) ? assigned : undefined, next }))
    ));
  }

  public depart({ output, assigned }: Departure): void {
    this.checkSize('Output', output);
    if (assigned) this.thread.variables.assign(assigned);
    this.thread.trail.add(`${this.state.Type}StateExited`, () => ({ name: this.name, output, ...assigned ? { assignedVariables: assigned } : {} }));
  }

  /** An oversized input or output ends the execution, whatever catches there are. */
  public checkSize(field: string, payload: Json): void {
    if (!isTooLarge(payload)) return;
    throw new FatalStateError(DATA_LIMIT_EXCEEDED, this.causeOf(`The value of ${field} has ${sizeOf(payload)} bytes; at most ${MAX_PAYLOAD_BYTES} are allowed.`));
  }

  /** The error for what went wrong in a field of this state, recorded in the history. */
  public evaluationFailed(message: string, location?: string): StateError {
    const cause = this.causeOf(message);
    this.thread.trail.evaluationFailed({ error: QUERY_EVALUATION_ERROR, cause, state: this.name, ...location === undefined ? {} : { location } });
    return new StateError(QUERY_EVALUATION_ERROR, cause);
  }

  public causeOf(message: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.eventId}). ${message}`;
  }

  private guarded(evaluate: () => Json | Promise<Json>): Json | Promise<Json> {
    const refused = (error: unknown) => {
      throw error instanceof EvaluationError ? this.evaluationFailed(error.message, error.location) : error;
    };
    try {
      const value = evaluate();
      return value instanceof Promise ? value.catch(refused) : value;
    } catch (error) {
      return refused(error);
    }
  }

  private bindings(outcome?: Outcome, map?: JsonObject): Bindings {
    const context = map ? this.context(map) : this.known ??= this.context(this.thread.map);
    return { variables: this.thread.variables.values, states: { input: this.input, context, ...outcome } };
  }

  private context(map?: JsonObject): JsonObject {
    const { Execution, StateMachine } = this.thread.owner.context;
    return {
      Execution,
      StateMachine,
      State: { Name: this.name, EnteredTime: isoTime(this.enteredTime), RetryCount: this.retryCount },
      ...map ? { Map: map } : {},
      ...this.token === undefined ? {} : { Task: { Token: this.token } },
    };
  }
}

/** Most expressions are evaluated at once: only what is left to JSONata is waited for. */
function after<T>(value: Json | Promise<Json>, then: (value: Json) => T | Promise<T>): T | Promise<T> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** As the service writes times: whole seconds have no fraction. */
export function isoTime(time: number): string {
  if (time !== lastTime) [lastTime, lastText] = [time, new Date(time).toISOString().replace('.000Z', 'Z')];
  return lastText;
}

/** Most times that are written are those of one moment. */
let lastTime = NaN;
let lastText = '';
