/**
 * Graphs of AWS's published definitions, github.com/awslabs/data-pipeline-samples at 3be77bd, folder samples: facts read from their
 * `input`, `output` and `dependsOn`. Those in which some activity waits for another; 25 more, and what is no JSON, have no such pair.
 */
import { Order } from './orders';

export const SAMPLES: Readonly<Record<string, Order>> = {
  'DynamoDBImport/XMLtoDynamoDBImport': [[], [0]],
  'DynamoDBToRedshiftConvertDataUsingHive/DynamoDBtoRedshiftHiveCSV': [[], [0]],
  'EFSBackup/2-Node-EFSBackupPipeline': [[], [0], [0], [1, 2]],
  'EFSBackup/3-Node-EFSBackupPipeline': [[], [0], [0], [0], [1, 2, 3]],
  'HadoopTerasort/TeraSortHadoopBenchmark': [[], [0], [1], [2]],
  'RDStoRedshiftSqoop/RDStoRedshiftSqoop': [[], [0]],
  'RedshiftToRDS/RedshiftToRDS_WithoutRDSCreate': [[], [0], [1]],
  'RedshiftToRDS/RedshiftToRDS_withTableCreate': [[], [0, 3], [1], [0]],
  'billing/template': [[], [0], [0, 1]],
  'dynamo-db-export-as-csv/ddb-to-csv': [[1], []],
  'dynamodb-to-dynamodb-crossregion/pipeline': [[1], [], [0, 1]],
  'dynamodb-to-dynamodb/pipeline': [[1], [], [0, 1]],
};
