import { PRECONDITION, runsOn } from './common';
import { Rules, TypeRules } from './rule';
import { role, text, texts, uri } from './rules';

function precondition(construct: string, fields: Rules, required: string[] = [], oneOf?: string[][]): TypeRules {
  return { kind: 'precondition', construct, fields: { ...PRECONDITION, ...fields }, required, oneOf };
}

export const PRECONDITIONS: Readonly<Record<string, TypeRules>> = {
  DynamoDBDataExists: precondition('DynamoDBDataExistsPrecondition', { role: role('role'), tableName: text('tableName') }, ['tableName']),
  DynamoDBTableExists: precondition('DynamoDBTableExistsPrecondition', { role: role('role'), tableName: text('tableName') }, ['tableName']),
  Exists: precondition('ExistsPrecondition', {}),
  S3KeyExists: precondition('S3KeyExistsPrecondition', { role: role('role'), s3Key: uri('s3Key') }, ['s3Key']),
  S3PrefixNotEmpty: precondition('S3PrefixNotEmptyPrecondition', { role: role('role'), s3Prefix: uri('s3Prefix') }, ['s3Prefix']),
  ShellCommandPrecondition: precondition('ShellCommandPrecondition', {
    command: text('command'),
    scriptArgument: texts('scriptArgument'),
    scriptUri: uri('scriptUri'),
    stderr: text('stderr'),
    stdout: text('stdout'),
    // The service's own definitions have none; where one is written, it is meant.
    runsOn,
  }, [], [['command', 'scriptUri']]),
};
