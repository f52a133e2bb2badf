/** A definition of AWS Data Pipeline as it was written, in whatever form: what all readers of files give, and all else starts from. */

/** A place in a file. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Another object, by its id. */
export interface Reference {
  readonly ref: string;
}

/** Numbers and booleans are the strings that the service made of them. */
export type FieldValue = string | Reference;

/** A field of an object or attribute of a parameter, with several values if its key was repeated or it was an array. */
export interface DefinitionField {
  readonly name: string;
  readonly values: FieldValue[];
  /** Whether it was written as an array. */
  readonly list: boolean;
  readonly at?: Position;
}

/** Its type and its parent are fields. */
export interface DefinitionObject {
  readonly id: string;
  readonly name?: string;
  readonly fields: DefinitionField[];
  readonly at?: Position;
}

export interface DefinitionParameter {
  readonly id: string;
  readonly attributes: DefinitionField[];
  readonly at?: Position;
}

export interface Definition {
  readonly objects: DefinitionObject[];
  readonly parameters: DefinitionParameter[];
  /** Values of parameters, by id. */
  readonly values: Map<string, string[]>;
}

export function isReference(value: FieldValue): value is Reference {
  return typeof value !== 'string';
}
