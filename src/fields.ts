/**
 * Fields of objects as AWS Data Pipeline names them, with the values that they have here: what expressions refer to. Most props have
 * the names of fields, so that an object's fields are its props, but for what has another name.
 */
import { Duration } from 'aws-cdk-lib';

export interface HasFields {
  readonly _fields: Fields;
}

/** A field may be a list. What is no text, number, time or reference cannot be referred to. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a field is worth in a text, and whose expressions may be in it. */
export interface FieldValue {
  readonly owner: HasFields;
  readonly field: string;
  readonly value: string | number | Date;
}

/** What a path of fields leads to: more than one value where it leads through lists; nothing where there is no such field. */
export function valuesAt(object: HasFields, [field, ...path]: readonly string[]): FieldValue[] {
  const values = [object._fields[field]].flat();
  if (path.length > 0) return values.filter(hasFields).flatMap((value) => valuesAt(value, path));
  return values.flatMap((each) => {
    const value = plain(each);
    return value === undefined ? [] : { owner: object, field, value };
  });
}

function plain(value: unknown): string | number | Date | undefined {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Date) return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Duration) return period(value);
  return hasFields(value) ? plain(value._fields.id) : undefined;
}

/** As AWS Data Pipeline writes periods: `3 hours`, `15 minutes`. */
function period(duration: Duration): string {
  const minutes = duration.toMinutes({ integral: false });
  const [name, count] = minutes % 1440 === 0 ? ['days', minutes / 1440] : minutes % 60 === 0 ? ['hours', minutes / 60] : ['minutes', minutes];
  return `${count} ${name}`;
}

function hasFields(value: unknown): value is HasFields {
  return typeof value === 'object' && value !== null && '_fields' in value;
}
