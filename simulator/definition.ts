import { Json } from './task';

/** A value in a definition in which every string `{% ... %}` is an expression. */
export type Template = Json;

export interface Definition extends StateScope {
  readonly TimeoutSeconds?: number;
}

/** A machine, a branch or an item processor: states that lead to each other. */
export interface StateScope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** What a state, a choice rule or a catcher makes of its values on the way out. */
export interface Exit {
  readonly Assign?: Readonly<Record<string, Template>>;
  readonly Output?: Template;
  readonly Next?: string;
}

export interface PassState extends Exit {
  readonly Type: 'Pass';
}

export interface TaskState extends Exit, Retryable {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly Credentials?: Template;
  readonly TimeoutSeconds?: Template;
  readonly HeartbeatSeconds?: Template;
}

export interface ChoiceState extends Exit {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface ChoiceRule extends Exit {
  readonly Condition: Template;
}

export interface WaitState extends Exit {
  readonly Type: 'Wait';
  readonly Seconds?: Template;
  readonly Timestamp?: Template;
}

export interface SucceedState extends Exit {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: Template;
  readonly Cause?: Template;
}

export interface ParallelState extends Exit, Retryable {
  readonly Type: 'Parallel';
  readonly Arguments?: Template;
  readonly Branches: readonly StateScope[];
}

export interface MapState extends Exit, Retryable {
  readonly Type: 'Map';
  readonly Items?: Template;
  readonly ItemReader?: ItemReader;
  readonly ItemBatcher?: ItemBatcher;
  readonly ItemSelector?: Template;
  readonly ItemProcessor: StateScope & { readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED' } };
  readonly MaxConcurrency?: Template;
  readonly ToleratedFailureCount?: Template;
  readonly ToleratedFailurePercentage?: Template;
}

export interface ItemReader {
  readonly Resource: string;
  readonly Arguments: Template;
  readonly ReaderConfig?: { readonly InputType?: string; readonly MaxItems?: Template };
}

export interface ItemBatcher {
  readonly MaxItemsPerBatch?: Template;
  readonly MaxInputBytesPerBatch?: Template;
  readonly BatchInput?: Template;
}

export interface Retryable {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Exit {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

/** The scopes that are nested in a state. */
export function nestedScopes(state: State): readonly StateScope[] {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [state.ItemProcessor] : [];
}

/** The ways out of a state: each may assign variables and leads on. */
export function exitsOf(state: State): readonly Exit[] {
  switch (state.Type) {
    case 'Fail': return [];
    case 'Choice': return [...state.Choices, { Assign: state.Assign, Next: state.Default }];
    case 'Task':
    case 'Parallel':
    case 'Map': return [state, ...state.Catch ?? []];
    default: return [state];
  }
}

export function isDistributed(state: MapState): boolean {
  return state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
}
