/**
 * The reaper: ends what a run has launched, after the run has ended in whatever way.
 *
 * A launch may surface after the run's end, so it looks several times unless the run itself says that once is enough. What it
 * looks for is named after the run.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITEM_KEY, RUN_ITEM, RUN_KEY } from '../contract/table';
import type { Pipeline } from '../pipeline';
import { Asl, integration, jsonata, jsonataStrings, Machine, TRANSIENT_RETRY } from './asl';
import { ACTIVE_STATES } from './render/emr-cluster';

const PASSES = 3;
/** TerminateJobFlows takes ten clusters at a time. */
const AT_A_TIME = 10;

export function renderReaper(pipeline: Pipeline, partition: string): Machine {
  const call = (name: string, fields: Asl): Asl => ({ Type: 'Task', Resource: integration(partition, name), Retry: [TRANSIENT_RETRY], Output: {}, ...fields });
  const cluster = Stack.of(pipeline).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' });
  return {
    definition: {
      Comment: `Ends what a run of ${pipeline.pipelineName} has launched`,
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      TimeoutSeconds: 24 * 3600,
      States: {
        'Begin': {
          Type: 'Pass',
          Assign: {
            pipeline: pipeline.pipelineName,
            run: jsonata('$states.input.run & ""'),
            status: jsonata('$lookup({"ABORTED": "CANCELED", "TIMED_OUT": "TIMEDOUT", "FAILED": "FAILED"}, $states.input.status & "") & ""'),
            passes: jsonata(`$exists($states.input.passes) ? $states.input.passes : ${PASSES}`),
            pass: 1,
            marker: '',
            found: [],
          },
          Next: 'List clusters',
        },
        'List clusters': call('aws-sdk:emr:listClusters', {
          Arguments: jsonata(`$merge([{"ClusterStates": ${jsonataStrings(ACTIVE_STATES)}}, $marker = "" ? {} : {"Marker": $marker}])`),
          Assign: {
            found: jsonata('[$filter($states.result.Clusters, function($each) { $substring($each.Name, 0, $length($pipeline & "/" & $run & "/")) = $pipeline & "/" & $run & "/" }).Id]'),
            marker: jsonata('$states.result.Marker & ""'),
          },
          Next: 'Found?',
        }),
        'Found?': {
          Type: 'Choice',
          Choices: [
            { Condition: jsonata('$count($found) > 0'), Next: 'Terminate clusters' },
            { Condition: jsonata('$marker != ""'), Next: 'List clusters' },
            { Condition: jsonata('$pass < $passes'), Next: 'Wait for late launches' },
            { Condition: jsonata('$status != ""'), Next: 'Settle run' },
          ],
          Default: 'Done',
        },
        // The clusters of this page leave the list: it is read again from its start.
        'Terminate clusters': call('aws-sdk:emr:terminateJobFlows', {
          Arguments: { JobFlowIds: jsonata(`$filter($found, function($id, $index) { $index < ${AT_A_TIME} })[]`) },
          Assign: { marker: '' },
          Next: 'List clusters',
        }),
        'Wait for late launches': { Type: 'Wait', Seconds: jsonata('$pass * 120'), Assign: { pass: jsonata('$pass + 1'), marker: '' }, Next: 'List clusters' },
        // A run that was stopped could not settle itself.
        'Settle run': call('aws-sdk:dynamodb:updateItem', {
          Arguments: {
            TableName: pipeline.runTable.tableName,
            Key: { [RUN_KEY]: { S: jsonata('$run') }, [ITEM_KEY]: { S: RUN_ITEM } },
            UpdateExpression: 'SET #status = :status, endTime = :endTime',
            ConditionExpression: '#status = :running',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':status': { S: jsonata('$status') }, ':running': { S: 'RUNNING' }, ':endTime': { S: jsonata('$now()') } },
          },
          Retry: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
          Catch: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Next: 'Done' }],
          Next: 'Done',
        }),
        'Done': { Type: 'Succeed' },
      },
    },
    statements: [
      new PolicyStatement({ actions: ['elasticmapreduce:ListClusters'], resources: ['*'] }), // has no resource types
      new PolicyStatement({
        actions: ['elasticmapreduce:TerminateJobFlows'],
        resources: [cluster],
        conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': pipeline.pipelineName } },
      }),
      new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [pipeline.runTable.tableArn] }),
    ],
  };
}

