/** What the value of a parameter is. */
export enum ParameterType {
  /** A text. */
  STRING = 'String',
  /** A whole number of at most 15 digits: `#{myDays + 1}` is one, and dates are shifted by it. */
  INTEGER = 'Integer',
  /** A number: at most 15 digits before the point, and as many after it. */
  DOUBLE = 'Double',
  /** An S3 URI. */
  S3_OBJECT_KEY = 'AWS::S3::ObjectKey',
}
