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
