/** Values of parameters, by name: those of an array parameter are a list. */
export type ParameterValues = Readonly<Record<string, string | string[]>>;

/** What a pipeline's parameters may be given, as an activation is held against it. */
export interface ParameterRules {
  /** Names of all. */
  readonly parameters: readonly string[];
  /** Types of those that have one. */
  readonly parameterTypes?: Readonly<Record<string, string>>;
  /** Names of those that are lists. */
  readonly arrayParameters?: readonly string[];
  /** Those that only a deployment changes, each with the prop that is why. */
  readonly fixedParameters?: Readonly<Record<string, string>>;
}

/** What values of parameters may be, by the types of AWS Data Pipeline; where none is given, a value is any text. */
const VALUES: Readonly<Record<string, RegExp>> = {
  'Integer': /^-?\d{1,15}$/,
  'Double': /^-?\d{1,15}(\.\d{1,15})?$/,
  'AWS::S3::ObjectKey': /^s3:\/\/[^/]+\//,
};

/** What is wrong with the value of a parameter, if anything is. */
export function parameterProblem(name: string, value: string, type = 'String'): string | undefined {
  return VALUES[type]?.test(value) === false ? `${name} is of type ${type}; got: "${value}"` : undefined;
}
