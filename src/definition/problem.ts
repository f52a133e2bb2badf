import type { Position } from './definition';

export type Severity = 'error' | 'warning';

/** What is wrong with a definition: with an object and a field of it, where it is about one. */
export interface Problem {
  readonly severity: Severity;
  readonly object?: string;
  readonly field?: string;
  readonly at?: Position;
  /** A sentence: what was got, what is allowed, how to mend it. Never a secret. */
  readonly message: string;
}

/** `12:5 error Load.insertMode: is missing; ...` */
export function describe({ severity, object, field, at, message }: Problem): string {
  const place = at ? `${at.line}:${at.column} ` : '';
  const subject = [object, field].filter((part) => part !== undefined).join('.');
  return `${place}${severity} ${subject === '' ? '' : `${subject}: `}${message}`;
}

export function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}
