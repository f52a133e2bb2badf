import type { Code, Entry, Props } from '../code';
import type { ResolvedField, ResolvedObject } from '../resolve';
import type { Use } from './use';

/** What becomes of a field: the props that say the same, and its fate. */
export interface Outcome extends Pick<Entry, 'fate' | 'to' | 'why' | 'instead'> {
  readonly props?: Props;
  /** A comment above the construct. */
  readonly note?: string;
}

/** None where the field is in error, which has been told then. */
export type Rule = (use: Use) => Outcome | undefined;
export type Rules = Readonly<Record<string, Rule>>;

/** What objects refer to each other as. */
export type Kind = 'activity' | 'data node' | 'precondition' | 'resource' | 'worker group' | 'database' | 'proxy'
  | 'action' | 'schedule' | 'format' | 'script' | 'configuration' | 'property' | 'EBS configuration' | 'EBS device' | 'volume';

/** A type of object. */
export interface TypeRules {
  readonly kind: Kind;
  readonly fields: Rules;
  readonly required?: readonly string[];
  /** Fields of which one or the other is given. */
  readonly oneOf?: ReadonlyArray<readonly string[]>;
  /** Class of the construct; else the object is a value. */
  readonly construct?: string;
  /** The value that an object is, from its props. */
  readonly value?: (props: Props) => Code;
  /** The last word on the props, seen together. */
  readonly finish?: (props: Props, object: Whole) => Props;
}

/** An object, for what only its fields together tell. */
export interface Whole {
  readonly object: ResolvedObject;
  field(name: string): ResolvedField | undefined;
  warn(field: string, message: string): void;
  error(field: string, message: string): void;
}

export const kept = (prop: string, code: Code): Outcome => ({ fate: 'kept', to: prop, props: [[prop, code]] });
export const changed = (to: string, why: string, props: Props = [], note?: string): Outcome => ({ fate: 'changed', to, why, props, note });

/** What a prop is worth among others. */
export function propOf(props: Props, name: string): Code | undefined {
  return props.find(([prop]) => prop === name)?.[1];
}

export function without(props: Props, ...names: string[]): Props {
  return props.filter(([name]) => !names.includes(name));
}
