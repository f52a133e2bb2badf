import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Action } from '../../actions/action';
import type { Pipeline } from '../../pipeline';
import type { PipelineObject } from '../../pipeline-object';
import { FailureAndRerunMode, RunnableProps } from '../../runnable';
import type { ScheduledRuns } from '../../scheduled-runs';
import { Asl, integration, jsonata, States } from '../asl';
import { worstEvents } from '../history';
import { variableName } from '../names';
import { TextRenderer } from '../text';

/** Where a fragment leads: a state that can be named in any Next, and how a state that may end its branch leaves. */
export interface Exit {
  readonly next: string;
  readonly leave: Asl;
}

export function goTo(next: string): Exit {
  return { next, leave: { Next: next } };
}

/** Where the result of an object is read from: its variable, or the variable of the parallel node that it lies in. */
export type Places = (reader: string, object: string) => string;

/** How an object is tried, with the pipeline's defaults. */
export interface Settings {
  readonly maximumRetries: number;
  readonly retryDelay: number;
  readonly cascade: boolean;
  readonly onFail: readonly Action[];
  readonly onSuccess: readonly Action[];
}

/** How many ask again and again, and share the events of a run's history. */
export interface Asking {
  readonly preconditions: number;
  readonly statements: number;
  readonly waits: number;
}

/** What the renderers of a Run machine share: the pipeline, and what they collect on the way. */
export class RunContext {
  readonly texts = new TextRenderer();
  readonly statements: PolicyStatement[] = [];
  readonly partition: string;
  private readonly prefix: string = 'r';

  /** How often states that are in a loop may be entered. */
  readonly entered = new Map<string, number>();
  /** Events that asking again and again may leave in the history, each time that it is rendered. */
  readonly askingEvents: number[] = [];

  readonly pipeline: Pipeline;

  constructor(readonly runs: ScheduledRuns, readonly places: Places, readonly asking: Asking = { preconditions: 0, statements: 0, waits: 0 }) {
    this.pipeline = runs.pipeline;
    this.partition = Stack.of(runs).partition;
  }

  resource(name: string): string {
    return integration(this.partition, name);
  }

  allow(...statements: PolicyStatement[]): void {
    this.statements.push(...statements);
  }

  /** Of items of the Run table. */
  allowUpdate(): void {
    this.allow(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [this.pipeline.runTable.tableArn] }));
  }

  /** States that each attempt goes through, and those of them that have said more already. */
  repeated(states: States, attempts: number): void {
    for (const name of Object.keys(states)) this.entered.set(name, Math.max(attempts, this.entered.get(name) ?? 0));
  }

  /** Events that a run may have of states, with what it asks again and again. */
  worstEvents(states: States): number {
    return this.askingEvents.reduce((sum, each) => sum + each, worstEvents(states, this.entered));
  }

  settings(props: RunnableProps): Settings {
    const { defaults } = this.pipeline._defaults;
    return {
      maximumRetries: props.maximumRetries ?? defaults.maximumRetries,
      retryDelay: (props.retryDelay ?? defaults.retryDelay).toSeconds(),
      cascade: (props.failureAndRerunMode ?? defaults.failureAndRerunMode) === FailureAndRerunMode.CASCADE,
      onFail: props.onFail ?? defaults.onFail,
      onSuccess: props.onSuccess ?? defaults.onSuccess,
    };
  }

  attemptTimeout(own?: Duration): number | undefined {
    return (own ?? this.pipeline._defaults.defaults.attemptTimeout)?.toSeconds();
  }

  /** Variable of an object's result. */
  result(object: Pick<PipelineObject, 'objectId'>): string {
    return variableName(this.prefix, object.objectId);
  }

  /** The same for a branch, which may not assign what is assigned around it: results have other variables there. */
  inner(): RunContext {
    return Object.create(this, { prefix: { value: 'i' } }) as RunContext;
  }

  /** JSONata of `<pipelineLogUri>/<pipeline>/<object>/<run>/<attempt>/`. */
  logUri(object: { readonly objectId: string }, attempt: string): string {
    return jsonata(`${this.texts.literal(this.pipeline._logs.uri + `${object.objectId}/`)} & $run & "/" & $string(${attempt}) & "/"`);
  }
}
