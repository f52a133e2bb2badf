import { DATA_NODE } from './common';
import { Rules, TypeRules } from './rule';
import { choice, double, gone, known, knownList, ref, secret, sql, text, uri } from './rules';

const SQL: TypeRules = {
  kind: 'data node',
  construct: 'SqlDataNode',
  required: ['table'],
  fields: {
    ...DATA_NODE,
    createTableSql: sql('createTableSql'),
    database: ref('database', 'database'),
    insertQuery: sql('insertQuery'),
    schemaName: known('schemaName'),
    selectQuery: sql('selectQuery'),
    table: known('table'),
  },
};

/** Of the first years: the node itself says how to connect. The planner makes it a database of its own. */
const LEGACY_CONNECTION: Rules = { 'connectionString': text('connectionString'), 'username': text('username'), '*password': secret('password') };

export const DATA_NODES: Readonly<Record<string, TypeRules>> = {
  DynamoDBDataNode: {
    kind: 'data node',
    construct: 'DynamoDBDataNode',
    required: ['tableName'],
    fields: {
      ...DATA_NODE,
      dataFormat: ref('dataFormat', 'format'),
      readThroughputPercent: double('readThroughputPercent'),
      region: known('region'),
      tableName: text('tableName'),
      writeThroughputPercent: double('writeThroughputPercent'),
    },
  },
  MySqlDataNode: { ...SQL, construct: 'MySqlDataNode', fields: { ...SQL.fields, ...LEGACY_CONNECTION } },
  RedshiftDataNode: {
    kind: 'data node',
    construct: 'RedshiftDataNode',
    required: ['database', 'tableName'],
    fields: {
      ...DATA_NODE,
      createTableSql: known('createTableSql'),
      database: ref('database', 'database'),
      primaryKeys: knownList('primaryKeys'),
      schemaName: known('schemaName'),
      tableName: known('tableName'),
    },
  },
  S3DataNode: {
    kind: 'data node',
    construct: 'S3DataNode',
    oneOf: [['directoryPath', 'filePath', 'manifestFilePath']],
    fields: {
      ...DATA_NODE,
      compression: choice('compression', 'S3Compression', ['NONE', 'GZIP']),
      dataFormat: ref('dataFormat', 'format'),
      directoryPath: uri('directoryPath'),
      filePath: uri('filePath'),
      manifestFilePath: uri('manifestFilePath'),
      s3EncryptionType: gone('Amazon S3 encrypts all that is written to it, and NONE is not to be had.', 'Default encryption of the bucket, which says with what key.'),
    },
  },
  SqlDataNode: { ...SQL, fields: { ...SQL.fields, ...LEGACY_CONNECTION } },
};
