/**
 * What a definition becomes: a small tree of TypeScript. One interpreter evaluates it (`PipelineDefinition`), another prints it
 * (`datapipeline migrate`), so that what becomes of a field is said once.
 */
import type { Position } from './definition';
import type { Problem } from './problem';

export type Code =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  /** An object literal, its props in order. */
  | { readonly kind: 'object'; readonly props: Props }
  /** `ActionOnTaskFailure.TERMINATE`. */
  | { readonly kind: 'member'; readonly of: string; readonly name: string }
  /** `Duration.hours(2)`, `DataFormat.csv({ ... })`. */
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Code[] }
  /** `new SnsAlarm({ ... })`: a class that is a value. */
  | { readonly kind: 'new'; readonly name: string; readonly args: readonly Code[] }
  /** `Subnet.fromSubnetId(scope, id, value)`: what is in the account already. Equal ids are one. */
  | { readonly kind: 'existing'; readonly callee: string; readonly id: string; readonly value: Code }
  /** Another planned object, by its id. */
  | { readonly kind: 'object-ref'; readonly id: string }
  /** A parameter where the value has to be known when the pipeline is defined, and the value that it has. */
  | { readonly kind: 'parameter'; readonly name: string; readonly value: string }
  /** A template literal: texts and parameters, put together. */
  | { readonly kind: 'template'; readonly parts: readonly Code[] }
  /** What whoever uses the definition gives, by this name, since a definition cannot say it or must not. */
  | { readonly kind: 'given'; readonly name: string; readonly what: Given; readonly why: string };

export type Given = 'secret';
export type Props = ReadonlyArray<readonly [string, Code]>;

/** `new <construct>(pipeline, id, { props })`. */
export interface PlannedConstruct {
  /** The object's id, which is the construct's. */
  readonly id: string;
  /** Name of the class. */
  readonly construct: string;
  readonly props: Props;
  /** What needs attention: comments above it. */
  readonly note: readonly string[];
}

/** An object that is a value of other objects' props: a schedule, a format, an action, a script. */
export interface PlannedValue {
  readonly id: string;
  readonly value: Code;
  readonly note: readonly string[];
}

export type Planned = PlannedConstruct | PlannedValue;

export type Fate = 'kept' | 'changed' | 'not possible';

/** What became of a field of the definition. `type`, `parent`, `name` and the attributes of parameters have theirs as well. */
export interface Entry {
  readonly object: string;
  readonly field: string;
  /** As it was written; of secrets, that there was one. */
  readonly given: string;
  readonly fate: Fate;
  /** The prop, or what it became. */
  readonly to?: string;
  readonly why?: string;
  readonly instead?: string;
  readonly at?: Position;
}

export interface PlannedParameter {
  readonly name: string;
  /** A member of ParameterType. */
  readonly type: 'STRING' | 'INTEGER' | 'DOUBLE' | 'S3_OBJECT_KEY';
  readonly value: string;
  readonly description?: string;
}

/** What a definition becomes. With an error among its problems, it is as much as could be planned. */
export interface PlannedPipeline {
  readonly pipeline: PlannedConstruct;
  readonly parameters: readonly PlannedParameter[];
  /** Each comes after what it refers to. */
  readonly objects: readonly Planned[];
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
}

/** Where classes are imported from that are not of cdk-data-pipeline. */
export const MODULE_OF: Readonly<Record<string, string>> = {
  Duration: 'aws-cdk-lib',
  Size: 'aws-cdk-lib',
  KeyPair: 'aws-cdk-lib/aws-ec2',
  SecurityGroup: 'aws-cdk-lib/aws-ec2',
  Subnet: 'aws-cdk-lib/aws-ec2',
  Role: 'aws-cdk-lib/aws-iam',
  Topic: 'aws-cdk-lib/aws-sns',
  EmrCreateCluster: 'aws-cdk-lib/aws-stepfunctions-tasks',
};

/** Classes of TypeScript itself. */
export const BUILT_IN: readonly string[] = ['Date'];

export const literal = (value: string | number | boolean): Code => ({ kind: 'literal', value });
export const list = (items: readonly Code[]): Code => ({ kind: 'list', items });
export const objectOf = (props: Props): Code => ({ kind: 'object', props });
export const call = (callee: string, ...args: Code[]): Code => ({ kind: 'call', callee, args });
export const member = (of: string, name: string): Code => ({ kind: 'member', of, name });

/** The text that a code comes to, if it comes to one. */
export function textOf(code: Code | undefined): string | undefined {
  if (code?.kind === 'literal') return String(code.value);
  if (code?.kind === 'parameter') return code.value;
  return code?.kind === 'template' ? code.parts.map(textOf).join('') : undefined;
}

/** The ids of the objects that a code refers to. */
export function refsOf(code: Code): string[] {
  switch (code.kind) {
    case 'object-ref': return [code.id];
    case 'list': return code.items.flatMap(refsOf);
    case 'object': return code.props.flatMap(([, value]) => refsOf(value));
    case 'call': case 'new': return code.args.flatMap(refsOf);
    default: return [];
  }
}

export function isConstruct(planned: Planned): planned is PlannedConstruct {
  return 'construct' in planned;
}
