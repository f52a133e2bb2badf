/** Amazon States Language as data. Every machine is JSONata. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PlanDocument } from '../contract/plan';
import { INVALID_INPUT } from '../contract/run';
import { jsonataString } from '../expression/value';

export type Asl = { readonly [field: string]: unknown };
export type States = Record<string, Asl>;

/** States with one way in. Where they lead is in their Next fields. */
export interface Fragment {
  readonly start: string;
  readonly states: States;
}

/** States of several fragments as those of one. None overwrites another: that would be a machine that does something else. */
export function merged(...parts: ReadonlyArray<States | undefined>): States {
  const all = new Map<string, Asl>();
  for (const [name, state] of parts.flatMap((states) => Object.entries(states ?? {}))) {
    if (all.has(name)) throw new Error(`two states of a machine have the name "${name}": this is a defect of cdk-data-pipeline`);
    all.set(name, state);
  }
  return Object.fromEntries(all);
}

/** A definition, and what its role must be allowed for it. */
export interface Machine {
  readonly definition: Asl;
  readonly statements: PolicyStatement[];
  /** Of a Run machine. */
  readonly plan?: PlanDocument;
  /** Of a Run machine: how many events an execution may have. */
  readonly events?: number;
}

export const ANY_ERROR = ['States.ALL'];
export const TIMEOUTS = ['States.Timeout', 'States.HeartbeatTimeout'];

/** A field that JSONata computes. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A text as a field: texts that look like JSONata are quoted. */
export function field(text: string): string {
  return text.startsWith('{%') ? jsonata(jsonataString(text)) : text;
}

/** ARN of an optimized or SDK integration, such as `aws-sdk:dynamodb:updateItem`. */
export function integration(partition: string, name: string): string {
  return `arn:${partition}:states:::${name}`;
}

/** JSONata of an object: each value is an expression. */
export function jsonataObject(entries: Record<string, string>): string {
  return `{${Object.entries(entries).map(([key, value]) => `${jsonataString(key)}: ${value}`).join(', ')}}`;
}

/** JSONata of an array of texts. */
export function jsonataStrings(texts: readonly string[]): string {
  return `[${texts.map(jsonataString).join(', ')}]`;
}

/** Errors that pass: throttling and the service's own. A call that may be made twice is made again. */
export const TRANSIENT_RETRY: Asl = {
  ErrorEquals: ANY_ERROR, IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: 'FULL',
};

/** Of a call that others wait for. */
export const PATIENT_RETRY: Asl = { ...TRANSIENT_RETRY, MaxAttempts: 30, MaxDelaySeconds: 60 };

/** In a Fail state that a Catch leads to: input that an expression cannot read is the caller's fault, the rest is a service's own. */
export const REFUSAL_ERROR = jsonata(`$states.input.Error = "States.QueryEvaluationError" ? "${INVALID_INPUT}" : $states.input.Error`);
