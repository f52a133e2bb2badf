import { Construct, IConstruct } from 'constructs';

/** What is wrong with a definition, in the words of the API: thrown where the bad value is given. */
export class DefinitionError extends Error {
  constructor(readonly path: string, readonly prop: string, problem: string) {
    super(`${path}: ${prop}: ${problem}`);
    this.name = 'DefinitionError';
  }
}

/** The error for a prop of a construct. `problem` says what was got, what is allowed and how to mend it. */
export function invalid(object: IConstruct, prop: string, problem: string): DefinitionError {
  return new DefinitionError(object.node.path, prop, problem);
}

/** What a prop has been given, in words. */
export function given(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (!(value instanceof Construct)) return JSON.stringify(value) ?? typeof value;
  const { node: { path }, constructor: { name } } = value;
  return `${path}, ${/^([AEIOU]|S3)/.test(name) ? 'an' : 'a'} ${name}`;
}
