import { TaskDatabase, SqlParts } from '../../src/contract/database';
import { DocumentReader } from '../../src/contract/document';
import { AN_S3_URI, S3_URI } from '../../src/contract/s3';
import { CommonTask, SqlTask } from '../../src/contract/task';

/** @throws InvalidDocument naming the field */
export function sqlFields(reader: DocumentReader): Omit<SqlTask, keyof CommonTask> {
  return {
    database: databaseField(reader.object('database')),
    ...scriptFields(reader),
    scriptArguments: reader.texts('scriptArguments'),
    ...reader.has('queue') ? { queue: reader.text('queue') } : {},
  };
}

export function databaseField(reader: DocumentReader): TaskDatabase {
  if (reader.has('connectionString') === reader.has('rdsInstanceId')) reader.refuse('connectionString', 'given where rdsInstanceId is not, and only there');
  return {
    object: reader.text('object'),
    secretId: reader.text('secretId'),
    username: reader.optionalText('username'),
    connectionString: reader.optionalText('connectionString'),
    rdsInstanceId: reader.optionalText('rdsInstanceId'),
    region: reader.optionalText('region'),
    databaseName: reader.optionalText('databaseName'),
    properties: reader.texts('properties'),
  };
}

/** SQL in parts. */
export function sqlParts(reader: DocumentReader, name: string): SqlParts {
  return reader.list(name, (item, field) => {
    const part = new DocumentReader(item, `task: ${field}`);
    return part.has('sql') ? { sql: part.matching('sql', /^[^]*$/, 'SQL') } : { value: part.matching('value', /^[^]*$/, 'a text') };
  });
}

function scriptFields(reader: DocumentReader): Pick<SqlTask, 'script' | 'scriptUri'> {
  if (reader.has('script') === reader.has('scriptUri')) reader.refuse('script', 'given where scriptUri is not, and only there');
  return reader.has('script') ? { script: sqlParts(reader, 'script') } : { scriptUri: reader.matching('scriptUri', S3_URI, AN_S3_URI) };
}
