import type { Definition, DefinitionParameter, Position } from './definition';
import { isReference } from './definition';
import type { Problem } from './problem';
import { isSecretName } from './secrets';
import type { ParameterValues } from '../contract/parameters';

/** Types of parameters, however they are written; what has none is a String. */
const TYPES = { 'string': 'STRING', 'integer': 'INTEGER', 'double': 'DOUBLE', 'aws::s3::objectkey': 'S3_OBJECT_KEY' } as const;

export type ParameterTypeName = typeof TYPES[keyof typeof TYPES];

/** A parameter with what it is worth. */
export interface ParameterValue {
  readonly name: string;
  readonly type: ParameterTypeName;
  readonly isArray: boolean;
  /** Its values: several of an array; none if nothing gives one. Of a secret, none in any case. */
  readonly values: readonly string[];
  readonly secret: boolean;
  readonly declared: boolean;
  readonly description?: string;
  readonly at?: Position;
}

/** Values given by whoever uses the definition, the definition's own, and the defaults, in this order. */
export function parametersOf(definition: Definition, given: ParameterValues, problems: Problem[]): Map<string, ParameterValue> {
  const known = new Map(definition.parameters.map((parameter) => [parameter.id, parameterOf(parameter, definition, given, problems)]));
  for (const name of new Set([...definition.values.keys(), ...Object.keys(given)])) {
    if (known.has(name)) continue;
    known.set(name, {
      name, type: 'STRING', isArray: false, values: valuesOf(name, definition, given), secret: isSecretName(name), declared: false,
    });
  }
  return known;
}

function parameterOf(parameter: DefinitionParameter, definition: Definition, given: ParameterValues, problems: Problem[]): ParameterValue {
  const { id: name, at } = parameter;
  const type = attribute(parameter, 'type')[0] ?? 'String';
  const secret = isSecretName(name);
  const written = valuesOf(name, definition, given);
  const values = written.length > 0 ? written : attribute(parameter, 'default');
  const error = (field: string, message: string) => problems.push({ severity: 'error', object: name, field, at, message });
  if (!Object.hasOwn(TYPES, type.toLowerCase())) error('type', `is String, Integer, Double or AWS::S3::ObjectKey; got: "${type}"`);
  const allowed = attribute(parameter, 'allowedValues');
  const refused = secret ? undefined : values.find((value) => allowed.length > 0 && !allowed.includes(value));
  if (refused !== undefined) error('allowedValues', `are ${allowed.join(', ')}; got: "${refused}"; give one of them`);
  return {
    name,
    type: TYPES[type.toLowerCase() as keyof typeof TYPES] ?? 'STRING',
    isArray: /^true$/i.test(attribute(parameter, 'isArray')[0] ?? '') || values.length > 1,
    values: secret ? [] : values,
    secret,
    declared: true,
    description: attribute(parameter, 'description')[0],
    at,
  };
}

function valuesOf(name: string, { values }: Definition, given: ParameterValues): readonly string[] {
  if (isSecretName(name)) return [];
  return Object.hasOwn(given, name) ? [given[name]].flat() : values.get(name) ?? [];
}

function attribute({ attributes }: DefinitionParameter, name: string): string[] {
  return attributes.find((each) => each.name.toLowerCase() === name.toLowerCase())?.values.flatMap((value) => isReference(value) ? [] : value) ?? [];
}
