/** The fields of a JSONata state machine: which there are, which there must be, and what each may hold. */
export type FieldType = 'string' | 'boolean' | 'object' | 'array' | 'count' | 'positive' | 'rate' | 'template' | 'any';

export interface Fields {
  readonly required?: readonly string[];
  readonly types: Readonly<Record<string, FieldType>>;
}

const COMMON = { Type: 'string', Comment: 'string', QueryLanguage: 'string' } as const;
const LEAVING = { Assign: 'object', Output: 'any' } as const;
const GOING_ON = { ...LEAVING, Next: 'string', End: 'boolean' } as const;
const RETRYABLE = { Retry: 'array', Catch: 'array' } as const;

export const MACHINE: Fields = {
  required: ['StartAt', 'States'],
  types: { Comment: 'string', StartAt: 'string', States: 'object', Version: 'string', TimeoutSeconds: 'positive', QueryLanguage: 'string' },
};

export const BRANCH: Fields = {
  required: ['StartAt', 'States'],
  types: { Comment: 'string', StartAt: 'string', States: 'object', QueryLanguage: 'string' },
};

export const ITEM_PROCESSOR: Fields = { ...BRANCH, types: { ...BRANCH.types, ProcessorConfig: 'object' } };

export const PROCESSOR_CONFIG: Fields = { types: { Mode: 'string', ExecutionType: 'string' } };

export const STATES: Readonly<Record<string, Fields>> = {
  Pass: { types: { ...COMMON, ...GOING_ON } },
  Task: {
    required: ['Resource'],
    types: {
      ...COMMON,
      ...GOING_ON,
      ...RETRYABLE,
      Resource: 'string',
      Arguments: 'any',
      Credentials: 'object',
      TimeoutSeconds: 'template',
      HeartbeatSeconds: 'template',
    },
  },
  Choice: { required: ['Choices'], types: { ...COMMON, ...LEAVING, Choices: 'array', Default: 'string' } },
  Wait: { types: { ...COMMON, ...GOING_ON, Seconds: 'template', Timestamp: 'string' } },
  Succeed: { types: { ...COMMON, Output: 'any' } },
  Fail: { types: { ...COMMON, Error: 'string', Cause: 'string' } },
  Parallel: { required: ['Branches'], types: { ...COMMON, ...GOING_ON, ...RETRYABLE, Branches: 'array', Arguments: 'any' } },
  Map: {
    required: ['ItemProcessor'],
    types: {
      ...COMMON,
      ...GOING_ON,
      ...RETRYABLE,
      Items: 'any',
      ItemReader: 'object',
      ItemBatcher: 'object',
      ItemSelector: 'any',
      ItemProcessor: 'object',
      MaxConcurrency: 'template',
      ToleratedFailureCount: 'template',
      ToleratedFailurePercentage: 'template',
      Label: 'string',
    },
  },
};

export const CHOICE_RULE: Fields = {
  required: ['Condition', 'Next'],
  types: { Comment: 'string', Condition: 'any', Next: 'string', ...LEAVING },
};

export const CATCHER: Fields = {
  required: ['ErrorEquals', 'Next'],
  types: { Comment: 'string', ErrorEquals: 'array', Next: 'string', ...LEAVING },
};

export const RETRIER: Fields = {
  required: ['ErrorEquals'],
  types: {
    Comment: 'string',
    ErrorEquals: 'array',
    IntervalSeconds: 'positive',
    MaxAttempts: 'count',
    BackoffRate: 'rate',
    MaxDelaySeconds: 'positive',
    JitterStrategy: 'string',
  },
};

export const ITEM_READER: Fields = {
  required: ['Resource', 'Arguments'],
  types: { Resource: 'string', Arguments: 'any', ReaderConfig: 'object' },
};

export const READER_CONFIG: Fields = { types: { InputType: 'string', MaxItems: 'template' } };

export const ITEM_BATCHER: Fields = {
  types: { MaxItemsPerBatch: 'template', MaxInputBytesPerBatch: 'template', BatchInput: 'any' },
};

/** Fields that only JSONPath states have, and what serves in their place. */
export const JSONPATH_FIELDS: Readonly<Record<string, string>> = {
  InputPath: 'Arguments',
  OutputPath: 'Output',
  Parameters: 'Arguments (in a Map: ItemSelector)',
  Result: 'Output',
  ResultPath: 'Output or Assign',
  ResultSelector: 'Output',
  Variable: 'Condition',
  ItemsPath: 'Items',
  SecondsPath: 'Seconds',
  TimestampPath: 'Timestamp',
  TimeoutSecondsPath: 'TimeoutSeconds',
  HeartbeatSecondsPath: 'HeartbeatSeconds',
  MaxConcurrencyPath: 'MaxConcurrency',
  ToleratedFailureCountPath: 'ToleratedFailureCount',
  ToleratedFailurePercentagePath: 'ToleratedFailurePercentage',
  MaxItemsPath: 'MaxItems',
  MaxItemsPerBatchPath: 'MaxItemsPerBatch',
  MaxInputBytesPerBatchPath: 'MaxInputBytesPerBatch',
  ErrorPath: 'Error',
  CausePath: 'Cause',
};

/** What a field of each type holds, for errors. */
export const EXPECTED: Readonly<Record<FieldType, string>> = {
  string: 'a string',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  count: 'an integer from 0',
  positive: 'an integer from 1',
  rate: 'a number from 1',
  template: 'an integer from 0 or one {% expression %}',
  any: 'any JSON',
};
