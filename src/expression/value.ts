import { ExpressionError } from './error';
import { isoTime, parseIsoTime, renderIsoTime } from './iso-time';
import { DateZone, renderZonedTime, zonedTime } from './local';

/** Whole numbers divide without remainder; others are written with a decimal point, as Java's are. */
export type ValueType = 'string' | 'integer' | 'number' | 'date';

/** What an expression comes to: known at synth, or JSONata that a run evaluates. */
export type Value = ConstantValue | RuntimeValue;

export interface ConstantValue {
  readonly kind: 'constant';
  readonly type: ValueType;
  /** Of a date: milliseconds since 1970. */
  readonly value: string | number;
  /** Of a date that is not in UTC. */
  readonly zone?: DateZone;
}

export interface RuntimeValue {
  readonly kind: 'jsonata';
  readonly type: ValueType;
  /** An operand: a path, a call, or in parentheses. Of a date: milliseconds since 1970. */
  readonly text: string;
  /** Of a date that was given as ISO-8601: the JSONata of that text. */
  readonly isoText?: string;
  /** Of a date that is not in UTC. */
  readonly zone?: DateZone;
}

export function constantValue(type: ValueType, value: string | number): ConstantValue {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new ExpressionError('the result is not a finite number');
  return { kind: 'constant', type, value };
}

export function runtimeValue(type: ValueType, text: string): RuntimeValue {
  return { kind: 'jsonata', type, text };
}

/** A date on the clocks of a zone: the same instant. */
export function inZone(date: Value, zone?: DateZone): Value {
  if (date.kind === 'constant') return { ...date, zone };
  return { ...date, zone, isoText: zone ? undefined : date.isoText };
}

export function isNumeric(value: Value): boolean {
  return value.type === 'integer' || value.type === 'number';
}

/** A value as an operand in JSONata. Texts need `jsonataString`, since they may hold CDK tokens. */
export function numericOperand(value: Value): string {
  return value.kind === 'jsonata' ? value.text : String(value.value);
}

/** A JSONata string literal; it never holds the end of a JSONata field, `%}`. */
export function jsonataString(text: string): string {
  return JSON.stringify(text).replaceAll('%}', '%\\u007d');
}

/** The value as it stands in a text. */
export function toText(value: Value): Value {
  if (value.kind === 'constant') return constantValue('string', constantText(value));
  return runtimeValue('string', runtimeText(value));
}

function constantText({ type, value, zone }: ConstantValue): string {
  if (typeof value === 'string') return value;
  if (type === 'date') return zone ? zonedTime(value, zone) : isoTime(value);
  const digits = String(Number(value.toPrecision(15)));
  return type === 'number' && Number.isInteger(value) ? `${digits}.0` : digits;
}

function runtimeText({ type, text, isoText, zone }: RuntimeValue): string {
  switch (type) {
    case 'string': return text;
    case 'date': return zone ? renderZonedTime(text, zone) : isoText ?? renderIsoTime(text);
    case 'integer': return `$string(${text})`;
    case 'number': return `function($n){$string($n) & ($n = $floor($n) ? '.0' : '')}(${text})`;
  }
}

/** The value as a function's parameter needs it; undefined where it is none. Texts known at synth may stand for dates and whole numbers. */
export function coerce(value: Value, type: ValueType): Value | undefined {
  if (value.type === type) return value;
  if (type === 'string') return toText(value);
  if (value.kind === 'jsonata' || typeof value.value !== 'string') return undefined;
  const parsed = type === 'date' ? parseIsoTime(value.value) : wholeNumber(value.value);
  return parsed === undefined ? undefined : constantValue(type, parsed);
}

function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
