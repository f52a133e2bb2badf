import { writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  DataFormat, Ec2Resource, FailureAndRerunMode, Pipeline, PipelineDefinition, PipelineDefinitionProps, RdsDatabase, S3DataNode,
  S3KeyExistsPrecondition, Schedule, ScheduleType, ShellCommandActivity, SnsAlarm, SqlActivity, WorkerGroup,
} from '../../src';

const DAILY = { id: 'Daily', type: 'Schedule', period: '1 day', startDateTime: '2026-12-01T00:00:00' };
const DEFAULT = { id: 'Default', schedule: { ref: 'Daily' }, scheduleType: 'timeseries', failureAndRerunMode: 'cascade', pipelineLogUri: 's3://logs/p/', onFail: { ref: 'Tell' } };
const DEFINITION = {
  objects: [
    DAILY,
    DEFAULT,
    { id: 'Tell', type: 'SnsAlarm', topicArn: 'arn:aws:sns:us-east-1:111111111111:alarms', subject: 'Look', message: '#{node.errorMessage}', role: 'DataPipelineDefaultRole' },
    { id: 'Host', type: 'Ec2Resource', terminateAfter: '2 Hours' },
    { id: 'Csv', type: 'CSV', column: ['id INT'] },
    { id: 'Ready', type: 'S3KeyExists', s3Key: 's3://data/#{format(@scheduledStartTime,\'YYYY\')}/ready', role: 'DataPipelineDefaultRole' },
    { id: 'In', type: 'S3DataNode', directoryPath: 's3://data/#{mySource}/', dataFormat: { ref: 'Csv' }, precondition: { ref: 'Ready' } },
    { id: 'Work', type: 'ShellCommandActivity', command: 'wc ${INPUT1_STAGING_DIR}/*', stage: 'true', input: { ref: 'In' }, runsOn: { ref: 'Host' }, maximumRetries: '1' },
    { 'id': 'Shop', 'type': 'RdsDatabase', 'rdsInstanceId': 'shop', 'databaseName': 'shop', 'username': 'loader', '*password': '#{*myPassword}' },
    { id: 'Count', type: 'SqlActivity', database: { ref: 'Shop' }, script: "INSERT INTO runs VALUES ('#{@scheduledStartTime}')", workerGroup: 'hosts', dependsOn: { ref: 'Work' } },
  ],
  parameters: [{ id: 'mySource', type: 'String', default: 'shops' }, { id: '*myPassword', type: 'String' }],
};

const stack = () => new Stack(new App({ analyticsReporting: false, treeMetadata: false }), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
const secret = (scope: Construct) => Secret.fromSecretNameV2(scope, 'Secret', 'shop');
const imported = (scope: Stack, definition: object, props: PipelineDefinitionProps = {}) => PipelineDefinition.fromJson(scope, 'Sales', JSON.stringify(definition), props);

test('the template is that of the same pipeline written by constructs', () => {
  const theirs = stack();
  const { pipeline } = imported(theirs, DEFINITION, { secrets: { myPassword: secret(theirs) }, pipelineName: 'sales' });
  expect(pipeline.pipelineName).toBe('sales');
  const ours = stack();
  byHand(new Construct(ours, 'Sales'), secret(ours));
  expect(Template.fromStack(theirs).toJSON()).toEqual(Template.fromStack(ours).toJSON());
});

function byHand(scope: Construct, password: ReturnType<typeof secret>): void {
  const pipeline = new Pipeline(scope, 'Pipeline', {
    pipelineName: 'sales',
    schedule: Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
    failureAndRerunMode: FailureAndRerunMode.CASCADE,
    pipelineLogUri: 's3://logs/p/',
    onFail: [new SnsAlarm({ topic: Topic.fromTopicArn(scope, 'Alarms', 'arn:aws:sns:us-east-1:111111111111:alarms'), subject: 'Look', message: '#{node.errorMessage}' })],
    parameters: { mySource: 'shops' },
  });
  const host = new Ec2Resource(pipeline, 'Host', { terminateAfter: Duration.hours(2) });
  const ready = new S3KeyExistsPrecondition(pipeline, 'Ready', { s3Key: "s3://data/#{format(@scheduledStartTime,'YYYY')}/ready" });
  const dataFormat = DataFormat.csv({ columns: ['id INT'] });
  const input = new S3DataNode(pipeline, 'In', { directoryPath: 's3://data/#{mySource}/', dataFormat, preconditions: [ready] });
  const work = new ShellCommandActivity(pipeline, 'Work', { command: 'wc ${INPUT1_STAGING_DIR}/*', stage: true, input: [input], runsOn: host, maximumRetries: 1 });
  const database = new RdsDatabase(pipeline, 'Shop', { rdsInstanceId: 'shop', databaseName: 'shop', username: 'loader', password });
  const script = "INSERT INTO runs VALUES ('#{@scheduledStartTime}')";
  new SqlActivity(pipeline, 'Count', { database, script, runsOn: new WorkerGroup(pipeline, 'hosts'), dependsOn: [work] });
}

test('objects are constructs, by their ids', () => {
  const scope = stack();
  const definition = imported(scope, DEFINITION, { secrets: { myPassword: secret(scope) } });
  expect(definition.getObject('Host')).toBeInstanceOf(Ec2Resource);
  expect(() => definition.getObject('Csv')).toThrow('Stack/Sales: getObject: takes the id of an object that is a construct; got: "Csv"; there are ');
});

test('a file is read, and its warnings are annotations', () => {
  const file = join(tmpdir(), `definition-${process.pid}.json`);
  const work = { id: 'Work', type: 'ShellCommandActivity', command: 'true', workerGroup: 'hosts', logUri: 's3://x/' };
  writeFileSync(file, JSON.stringify({ objects: [DAILY, { ...DEFAULT, onFail: [] }, work] }));
  const scope = stack();
  PipelineDefinition.fromFile(scope, 'Sales', file);
  Annotations.fromStack(scope).hasWarning('/Stack/Sales', Match.stringLikeRegexp('Work.logUri: is no field of ShellCommandActivity'));
});

test('errors name object, field and line; a secret that is not given is one', () => {
  expect(() => imported(stack(), { objects: [DEFAULT] })).toThrow('Stack/Sales: definition: has 2 errors:\n  1:13 error Default.schedule: takes the id of a Schedule; got: Daily, which is none');
  expect(() => imported(stack(), DEFINITION)).toThrow('Stack/Sales: secrets: have the password of Shop under "myPassword"; got: none');
});
