import { Stack, StackProps } from 'aws-cdk-lib';
import {
  Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode, Schedule, ShellCommandActivity, WorkerGroup,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** When it is activated, with the name of a table: a host exports the table from its database, and Redshift takes it over. */
export class OnDemandExportStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pipeline = new Pipeline(this, 'Export', {
      schedule: Schedule.onDemand(),
      parameters: { myTable: 'orders' },
      pipelineLogUri: 's3://shop-logs/pipelines/',
      maximumRetries: 0,
    });
    const rows = new S3DataNode(pipeline, 'Rows', { directoryPath: 's3://shop-lake/exports/#{myTable}/#{@scheduledStartTime}/' });
    new ShellCommandActivity(pipeline, 'ExportTable', {
      runsOn: new WorkerGroup(pipeline, 'Databases'),
      scriptUri: 's3://shop-lake/scripts/export.sh',
      scriptArgument: ['#{myTable}'],
      stage: true,
      output: [rows],
    });
    const database = new RedshiftDatabase(pipeline, 'Warehouse', { clusterId: 'warehouse', databaseName: 'shop', username: 'loader' });
    new RedshiftCopyActivity(pipeline, 'TakeOver', {
      input: rows,
      output: new RedshiftDataNode(pipeline, 'Exported', { database, tableName: 'exported' }),
      insertMode: RedshiftInsertMode.TRUNCATE,
      commandOptions: ['CSV', 'IGNOREHEADER 1'],
    });
  }
}
