import { App, Duration, SecretValue, Stack, TimeZone } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, OracleEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import {
  DataFormat, DynamoDBDataExistsPrecondition, DynamoDBTableExistsPrecondition, Ec2Resource, Ec2ResourceProps, EmrActivity, EmrCluster,
  EmrClusterProps, EmrStep, ExistsPrecondition, Expression, HadoopSchedulerType, HttpProxy, HttpProxyProps,
  JdbcDatabase, JdbcDatabaseProps, Pipeline, PipelineProps, RateScheduleOptions,
  RdsDatabase, RedshiftCopyActivity, RedshiftDatabase, RedshiftDatabaseProps,
  RedshiftDataNode, RedshiftDataNodeProps, RedshiftInsertMode, S3DataNode, S3DataNodeProps, S3KeyExistsPrecondition, Schedule, ScheduleType,
  ShellCommandPrecondition, SnsAlarm, SqlActivity, SqlActivityProps, SqlDataNode, SqlDataNodeProps, StepFunctionsActivity,
  Terminate, TimeWindowPrecondition, WorkerGroup,
} from '../src';
import { folder, hosts, pipeline, shell } from './compiler/fixture';
import { problems } from '../src/compiler/compile';

type Case = [what: string, build: (scope: Pipeline) => unknown, message: string];

const START = new Date('2026-12-01T00:00:00Z');
/** What a caller without types may leave out. */
const nothing = undefined as never;

const SCRIPT = { name: 'tools', scriptBootstrapAction: { path: 's3://scripts/tools.sh' } };

const ec2 = (scope: Pipeline, props: Ec2ResourceProps = {}) => new Ec2Resource(scope, 'Host', props);
const proxy = (scope: Pipeline, props: Partial<HttpProxyProps> = {}) => new HttpProxy(scope, 'Proxy', { hostname: 'proxy', port: 3128, ...props });
const cluster = (scope: Pipeline, props: EmrClusterProps = {}) => new EmrCluster(scope, 'Cluster', props);
const steps = (scope: Pipeline, list: EmrStep[]) => new EmrActivity(scope, 'A', { runsOn: cluster(scope), steps: list });
const node = (scope: Pipeline, props: S3DataNodeProps) => new S3DataNode(scope, 'Data', props);
const database = (scope: Pipeline, props: Partial<RedshiftDatabaseProps> = { workgroupName: 'w' }) =>
  new RedshiftDatabase(scope, 'Db', { databaseName: 'dev', ...props });
const table = (scope: Pipeline, props: Partial<RedshiftDataNodeProps> = {}) =>
  new RedshiftDataNode(scope, 'Table', { database: database(scope), tableName: 't', ...props });
const secret = (scope: Construct) => Secret.fromSecretNameV2(scope, 'Secret', 'credentials');
const jdbc = (scope: Pipeline, props: Partial<JdbcDatabaseProps> = {}) =>
  new JdbcDatabase(scope, 'Db', { connectionString: 'jdbc:postgresql://h/d', password: secret(scope), ...props });
const sqlTable = (scope: Pipeline, props: Partial<SqlDataNodeProps>) => new SqlDataNode(scope, 'Table', { database: props.database ?? jdbc(scope), table: 't', ...props });
const sql = (scope: Pipeline, props: Partial<SqlActivityProps>) =>
  new SqlActivity(scope, 'Sql', { database: props.database ?? jdbc(scope), runsOn: hosts(scope), script: 'SELECT 1', ...props });
const NO_PLACE = 'Stack/P/Db: clusterId: exactly one of clusterId, workgroupName and connectionString says where the database is; got: ';
const load = (scope: Pipeline, insertMode: RedshiftInsertMode) =>
  new RedshiftCopyActivity(scope, 'Load', { input: folder(scope, 'Raw'), output: table(scope), insertMode });
const another = (scope: Pipeline) => new Pipeline(Stack.of(scope), 'Other', { schedule: Schedule.onDemand() });
const built = (props: Partial<PipelineProps>) => () => pipeline(props);
const rate = (options: Partial<RateScheduleOptions> = {}, period = Duration.hours(1)) => () =>
  Schedule.rate(period, { startDateTime: START, ...options });

const DATE_FUNCTIONS = 'there are format, inTimeZone, year, month, day, dayOfYear, hour, minute, makeDate, makeDateTime, midnight, firstOfMonth, sunday, ' +
  'yesterday, plusMinutes, minusMinutes, plusHours, minusHours, plusDays, minusDays, plusWeeks, minusWeeks, plusMonths, minusMonths, plusYears, minusYears, plusPeriod';
const CONSTRUCTED: Record<string, Case[]> = {
  'a worker group': [
    ['without a slot', (scope) => new WorkerGroup(scope, 'Plant', { hosts: { tasks: 0 } }), 'Stack/P/Plant: hosts.tasks: is a whole number from 1 to 100; got: 0'],
    ['with a user that no host can have', (scope) => new WorkerGroup(scope, 'Plant', { hosts: { user: 'etl; id' } }),
      'Stack/P/Plant: hosts.user: is a lower-case letter or "_", then lower-case letters, digits, "_" and "-", 32 at most; got: "etl; id"'],
    ['with a drain of more than a day', (scope) => new WorkerGroup(scope, 'Plant', { hosts: { drainTimeout: Duration.hours(25) } }),
      'Stack/P/Plant: hosts.drainTimeout: is a whole number of seconds, 86400 (a day) at most; got: 90000 s'],
    ['with times that State Manager does not know', (scope) => new WorkerGroup(scope, 'Plant', { hosts: { scheduleExpression: 'hourly' } }),
      'Stack/P/Plant: hosts.scheduleExpression: is rate(...) or cron(...); got: "hourly"'],
    ['for more hosts than an activation has', (scope) => new WorkerGroup(scope, 'Plant', { hosts: { registrationLimit: 1001 } }),
      'Stack/P/Plant: hosts.registrationLimit: is a whole number from 1 to 1000; got: 1001'],
  ],
  'a pipeline': [
    ['without a schedule', built({ schedule: nothing }), 'Stack/P: schedule: is missing; give Schedule.rate, Schedule.cron or Schedule.onDemand'],
    ['with too many retries', built({ maximumRetries: 101 }), 'Stack/P: maximumRetries: is a whole number from 0 to 100; got: 101'],
    ['with half a retry', built({ maximumRetries: 0.5 }), 'Stack/P: maximumRetries: is a whole number from 0 to 100; got: 0.5'],
    ['with no delay between attempts', built({ retryDelay: Duration.millis(500) }), 'Stack/P: retryDelay: is a whole number of seconds, at least 1; got: 0.5 s'],
    ['with an attempt that ends at once', built({ attemptTimeout: Duration.seconds(0) }), 'Stack/P: attemptTimeout: is a whole number of seconds, at least 1; got: 0 s'],
    ['with a run under a minute', built({ runTimeout: Duration.seconds(59) }), 'Stack/P: runTimeout: is a whole number of seconds, at least 60; got: 59 s'],
    ['with a run of more than a year', built({ runTimeout: Duration.days(366) }),
      'Stack/P: runTimeout: is at most 365 days, the longest that an execution lives; got: 366 days'],
    ['with a name that cannot be part of others', built({ pipelineName: 'log etl' }),
      'Stack/P: pipelineName: is 1 to 64 letters, digits, "-", "_" and ".", the first a letter or digit; got: "log etl"'],
    ['with two places for logs', built({ pipelineLogUri: 's3://logs/' }), 'Stack/P: pipelineLogUri: got: "s3://logs/" and logBucket; give one of the two'],
    ['with a place for logs that is none', built({ pipelineLogUri: 'logs', logBucket: undefined }),
      'Stack/P: pipelineLogUri: is not an S3 URI; got: "logs/"; give "s3://<bucket>/<key>", the bucket without #{...}'],
    ['with an expression in the place for logs', built({ pipelineLogUri: 's3://logs/#{@scheduledStartTime}', logBucket: undefined }),
      'Stack/P: pipelineLogUri: takes no expressions; got: "s3://logs/#{@scheduledStartTime}"; leave out #{...}'],
    ['with a parameter that no expression can name', built({ parameters: { 'my-bucket': 'b' } }),
      'Stack/P: parameters: are named by a letter, then letters, digits and "_"; got: "my-bucket"'],
  ],

  'a schedule': [
    ['under a minute', rate({}, Duration.seconds(30)),
      'Schedule.rate: period: got 30 seconds, but ticks come on whole minutes: give whole minutes from 1 minute to 3 years, such as Duration.minutes(15)'],
    ['over 3 years', rate({}, Duration.days(1099)),
      'Schedule.rate: period: got 1099 days, but ticks come on whole minutes: give whole minutes from 1 minute to 3 years, such as Duration.minutes(15)'],
    ['that ends before it starts', rate({ endDateTime: new Date('2026-11-30T00:00:00Z') }),
      'Schedule.rate: endDateTime: got 2026-11-30T00:00:00.000Z, which is not after startDateTime 2026-12-01T00:00:00.000Z: give a later time'],
    ['that ends as it starts', () => Schedule.cron({ startDateTime: START, endDateTime: START }),
      'Schedule.cron: endDateTime: got 2026-12-01T00:00:00.000Z, which is not after startDateTime 2026-12-01T00:00:00.000Z: give a later time'],
    ['from a date that does not exist', rate({ startDateTime: new Date('2026-13-01') }),
      "Schedule.rate: startDateTime: got an invalid date: give a date that exists, such as new Date('2026-12-01T00:00:00Z')"],
    ['of no occurrence', rate({ occurrences: 0 }), 'Schedule.rate: occurrences: got 0: give a whole number from 1'],
    ['with two ends', rate({ occurrences: 2, endDateTime: new Date('2027-01-01') }), 'Schedule.rate: occurrences: got 2 together with endDateTime: give one of them'],
    ['whose occurrences count from nowhere', () => Schedule.cron({ occurrences: 2 }),
      'Schedule.cron: occurrences: got 2 without startDateTime, from which they count: give it too'],
    ['with intervals, on demand', rate({ scheduleType: ScheduleType.ONDEMAND }),
      'Schedule.rate: scheduleType: got ondemand, which has no interval: give CRON or TIMESERIES, or use Schedule.onDemand()'],
    ['with a minute that no hour has', () => Schedule.cron({ minute: '61' }),
      "Schedule.cron: options: cron expression '61 * * * ? *', minutes '61': '61' is not one of its values (allowed: 0-59 with , - * /)"],
    ['in a time zone that is none', () => Schedule.cron({ timeZone: TimeZone.of('Mars/Olympus') }),
      "Schedule.cron: timeZone: got 'Mars/Olympus', which is no time zone: give one of IANA's, such as TimeZone.EUROPE_BERLIN"],
  ],

  'an object': [
    ['outside of any pipeline', (scope) => new WorkerGroup(Stack.of(scope), 'Hosts'),
      'Stack/Hosts: scope: is in no Pipeline; create it with a Pipeline, or with something in one, as its scope'],
    ['with the id of the run itself', (scope) => shell(scope, 'Run'),
      'Stack/P/Run: id: state names are "<id>: <step>", and "Run: <step>" for the run itself; got: "Run"; use an id other than "Run", without ": "'],
    ['with an id that reads as a step of another', (scope) => shell(scope, 'A: ready?'),
      'Stack/P/A: ready?: id: state names are "<id>: <step>", and "Run: <step>" for the run itself; got: "A: ready?"; use an id other than "Run", without ": "'],
    ['that waits for an activity of another pipeline', (scope) => shell(scope, 'A', { dependsOn: [shell(another(scope), 'B')] }),
      'Stack/P/A: dependsOn: belongs to another pipeline; got: Stack/Other/B, not in Stack/P; create it in this pipeline'],
    ['that reads a data node of another pipeline', (scope) => shell(scope, 'A', { input: [folder(another(scope), 'Raw')] }),
      'Stack/P/A: input: belongs to another pipeline; got: Stack/Other/Raw, not in Stack/P; create it in this pipeline'],
    ['that runs on hosts of another pipeline', (scope) => shell(scope, 'A', { runsOn: hosts(another(scope)) }),
      'Stack/P/A: runsOn: belongs to another pipeline; got: Stack/Other/Hosts, not in Stack/P; create it in this pipeline'],
    ['in a database of another pipeline', (scope) => table(scope, { database: database(another(scope)) }),
      'Stack/P/Table: database: belongs to another pipeline; got: Stack/Other/Db, not in Stack/P; create it in this pipeline'],
  ],

  'a shell command': [
    ['without hosts', (scope) => shell(scope, 'A', { runsOn: nothing }), 'Stack/P/A: runsOn: a command needs hosts to run on; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
    ['on an instance of another pipeline', (scope) => shell(scope, 'A', { runsOn: new Ec2Resource(another(scope), 'Host') }),
      'Stack/P/A: runsOn: belongs to another pipeline; got: Stack/Other/Host, not in Stack/P; create it in this pipeline'],
    ['without a command', (scope) => shell(scope, 'A', { command: undefined }),
      'Stack/P/A: command: exactly one of command and scriptUri says what to run; got: none'],
    ['with two commands', (scope) => shell(scope, 'A', { command: 'ls', scriptUri: 's3://code/run.sh' }),
      'Stack/P/A: command: exactly one of command and scriptUri says what to run; got: both'],
    ['that is empty', (scope) => shell(scope, 'A', { command: ' ' }), 'Stack/P/A: command: is empty; got: " "; give a command for /bin/sh'],
    ['whose script is not in S3', (scope) => shell(scope, 'A', { scriptUri: 'https://example.com/run.sh' }),
      'Stack/P/A: scriptUri: is not an S3 URI; got: "https://example.com/run.sh"; give "s3://<bucket>/<key>", the bucket without #{...}'],
    ['whose output goes nowhere', (scope) => shell(scope, 'A', { stdout: 'out.txt' }),
      'Stack/P/A: stdout: is not an S3 URI; got: "out.txt"; give "s3://<bucket>/<key>", the bucket without #{...}, or a path on the host that begins with "/"'],
    ['that stages nothing', (scope) => shell(scope, 'A', { stage: true }),
      'Stack/P/A: stage: got: true, with neither input nor output; give the data nodes that are to be staged, or leave out stage'],
    ['that stages a table', (scope) => shell(scope, 'A', { stage: true, input: [table(scope)] }),
      'Stack/P/A: input: only files and directories in S3 are staged; got: Stack/P/Table; leave out stage, or that data node'],
    ['that stages what a manifest lists', (scope) => shell(scope, 'A', { stage: true, input: [node(scope, { manifestFilePath: 's3://data/manifest' })] }),
      'Stack/P/A: input: only files and directories in S3 are staged; got: Stack/P/Data; leave out stage, or that data node'],
    ['that stages one file of output', (scope) => shell(scope, 'A', { stage: true, output: [node(scope, { filePath: 's3://data/file' })] }),
      'Stack/P/A: output: a staged output needs a directoryPath; got: Stack/P/Data with filePath; give it a directoryPath, or leave out stage'],
    ['whose host may be silent for a moment only', (scope) => shell(scope, 'A', { reportProgressTimeout: Duration.seconds(9) }),
      'Stack/P/A: reportProgressTimeout: is a whole number of seconds, at least 10; got: 9 s'],
    ['with an attempt of less than a second', (scope) => shell(scope, 'A', { attemptTimeout: Duration.millis(10) }),
      'Stack/P/A: attemptTimeout: is a whole number of seconds, at least 1; got: 0.01 s'],
  ],

  'an object that can be late': [
    ['with nothing to do then', (scope) => shell(scope, 'A', { lateAfterTimeout: Duration.hours(2) }),
      'Stack/P/A: lateAfterTimeout: got: 2 hours, and nothing to do then; give onLateAction'],
    ['without a time', (scope) => node(scope, { directoryPath: 's3://data/', onLateAction: [new SnsAlarm({ topic: new Topic(scope, 'T') })] }),
      'Stack/P/Data: onLateAction: says what to do when the object is late; got: no lateAfterTimeout; give that too'],
    ['at once', (scope) => cluster(scope, { lateAfterTimeout: Duration.seconds(0) }),
      'Stack/P/Cluster: lateAfterTimeout: is a whole number of seconds, at least 1; got: 0 s'],
    ['that is terminated when it has failed', (scope) => shell(scope, 'A', { onFail: [new Terminate()] }),
      'Stack/P/A: onFail: takes no Terminate, which ends what is late; got: Terminate; name it in onLateAction'],
    ['that is terminated when it has finished, by default', () => pipeline({ onSuccess: [new Terminate()] }),
      'Stack/P: onSuccess: takes no Terminate, which ends what is late; got: Terminate; name it in onLateAction'],
    ['that is a precondition to be terminated', (scope) => new S3KeyExistsPrecondition(scope, 'There', {
      s3Key: 's3://data/key', lateAfterTimeout: Duration.hours(2), onLateAction: [new Terminate()],
    }), 'Stack/P/There: onLateAction: a precondition is no work to end; got: Terminate; name it in what the precondition guards, or give preconditionTimeout'],
    ['by default, in a pipeline that nothing is due in', () => pipeline({ lateAfterTimeout: Duration.hours(2) }),
      'Stack/P: lateAfterTimeout: counts from the due time of an interval, and a pipeline on demand has none; leave it out, or give the pipeline a schedule'],
    ['by default, at once', () => pipeline({ lateAfterTimeout: Duration.seconds(0) }),
      'Stack/P: lateAfterTimeout: is a whole number of seconds, at least 1; got: 0 s'],
    ['in a pipeline that nothing is due in', (scope) => shell(scope, 'A', { lateAfterTimeout: Duration.hours(2), onLateAction: [new SnsAlarm({ topic: new Topic(scope, 'T') })] }),
      'Stack/P/A: lateAfterTimeout: counts from the due time of an interval, and a pipeline on demand has none; leave it out, or give the pipeline a schedule'],
  ],

  'an expression': [
    ['with an unknown function', (scope) => shell(scope, 'A', { command: 'ls #{frobnicate(@scheduledStartTime)}' }),
      `Stack/P/A: command: there is no function 'frobnicate'; ${DATE_FUNCTIONS} (column 6) in "ls #{frobnicate(@scheduledStartTime)}"`],
    ['with a misspelt function', (scope) => node(scope, { directoryPath: "s3://data/#{fromat(@scheduledStartTime,'YYYY')}/" }),
      "Stack/P/Data: directoryPath: there is no function 'fromat'; did you mean format? (column 13) in \"s3://data/#{fromat(@scheduledStartTime,'YYYY')}/\""],
    ['with an unknown name', (scope) => shell(scope, 'A', { command: '#{myBukket}' }),
      "Stack/P/A: command: there is no name 'myBukket'; there are @scheduledStartTime, @scheduledEndTime, @actualStartTime, @latestRunTime, @nextRunTime, @id, parent.@id, @pipelineId (column 3) in \"#{myBukket}\""],
    ['that is not closed', (scope) => shell(scope, 'A', { command: 'ls #{@scheduledStartTime' }),
      "Stack/P/A: command: '#{' is not closed: add '}' after the expression, or write #{'#{'} for the two characters themselves (column 4) " +
      'in "ls #{@scheduledStartTime"'],
    ['in an expression', (scope) => shell(scope, 'A', { command: '#{format(#{@scheduledStartTime},"YYYY")}' }),
      "Stack/P/A: command: '#{' within an expression: nested expressions are written without braces of their own (column 10) " +
      'in "#{format(#{@scheduledStartTime},"YYYY")}"'],
    ['that is empty', (scope) => shell(scope, 'A', { scriptArgument: ['#{}'] }),
      "Stack/P/A: scriptArgument: '#{}' is empty: write an expression between the braces, such as #{@scheduledStartTime} (column 3) in \"#{}\""],
    ['with a pattern that is none', (scope) => shell(scope, 'A', { command: "#{format(@scheduledStartTime,'YYYY-ff')}" }),
      "Stack/P/A: command: 'ff' in the date pattern YYYY-ff is no letter of Joda-Time's: there are G, C, Y, y, x, w, e, E, D, M, d, a, K, h, H, k, m, s, S, z, Z; " +
      "put text in single quotes ('ff') (column 3) in \"#{format(@scheduledStartTime,'YYYY-ff')}\""],
    ['in a step', (scope) => steps(scope, [EmrStep.command(['s3-dist-cp', '#{now()}'])]), `Stack/P/A: steps: there is no function 'now'; ${DATE_FUNCTIONS} (column 3) in "#{now()}"`],
    ['in a property of a step', (scope) => steps(scope, [EmrStep.jar({ jar: 's3://code/a.jar', properties: { day: '#{frob()}' } })]),
      `Stack/P/A: steps: there is no function 'frob'; ${DATE_FUNCTIONS} (column 3) in "#{frob()}"`],
    ['in the key of a precondition', (scope) => new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/#{@until}' }),
      "Stack/P/C: s3Key: there is no name '@until'; there are @scheduledStartTime, @scheduledEndTime, @actualStartTime, @latestRunTime, @nextRunTime, @id, parent.@id, @pipelineId, node.@scheduledStartTime, node.@scheduledEndTime (column 13) in \"s3://data/#{@until}\""],
    ['built of a name that no parameter has', () => Expression.parameter('bucket'),
      "Expression.parameter: name is 'bucket': it is 'my' (or '*my') followed by letters, digits or '_', such as 'myBucket'"],
  ],

  'a data node in S3': [
    ['without a place', (scope) => node(scope, {}), 'Stack/P/Data: directoryPath: exactly one of directoryPath, filePath, manifestFilePath says where the data is; got: none'],
    ['with two places', (scope) => node(scope, { directoryPath: 's3://data/a/', filePath: 's3://data/b' }),
      'Stack/P/Data: directoryPath: exactly one of directoryPath, filePath, manifestFilePath says where the data is; got: directoryPath and filePath'],
    ['whose URI is none', (scope) => node(scope, { filePath: '/data/file' }),
      'Stack/P/Data: filePath: is not an S3 URI; got: "/data/file"; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
    ['whose URI has an impossible bucket', (scope) => node(scope, { filePath: 's3://My_Bucket/file' }),
      'Stack/P/Data: filePath: is not an S3 URI; got: "s3://My_Bucket/file"; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
    ['whose bucket only the run knows', (scope) => node(scope, { directoryPath: 's3://#{@scheduledStartTime}/raw/' }),
      'Stack/P/Data: directoryPath: is not an S3 URI; got: "s3://#{@scheduledStartTime}/raw/"; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
    ['with a URI and a bucket', (scope) => node(scope, { bucket: Bucket.fromBucketName(scope, 'B', 'data'), filePath: 's3://data/file' }),
      'Stack/P/Data: filePath: is a key where `bucket` is given; got: "s3://data/file"; leave out `bucket`, or "s3://<bucket>/"'],
  ],

  'an object with a parent': [
    ['of another kind', (scope) => shell(scope, 'A', { parent: new StepFunctionsActivity(scope, 'B', { definition: Pass.jsonata(scope, 'Nothing') }) }),
      'Stack/P/A: parent: is an object of the same kind; got: Stack/P/B, which is no ShellCommandActivity; give one, or leave it out'],
    ['of another pipeline', (scope) => shell(scope, 'A', { parent: shell(another(scope), 'B') }),
      'Stack/P/A: parent: belongs to another pipeline; got: Stack/Other/B, not in Stack/P; give one of this pipeline'],
    ['that is a format of another kind', () => DataFormat.csv({ parent: DataFormat.tsv() }),
      'DataFormat.csv: parent: is a format of the same kind; got: DataFormat.tsv; give one of DataFormat.csv'],
    ['that is a schedule of another kind', () => Schedule.cron({ parent: Schedule.rate(Duration.hours(1), { startDateTime: START }) }),
      'Schedule.cron: parent: got a schedule of another kind, rate: give one of Schedule.cron'],
  ],

  'a precondition': [
    ['of two objects', (scope) => {
      const check = new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/key' });
      shell(scope, 'A', { preconditions: [check] });
      shell(scope, 'B', { preconditions: [check] });
    }, 'Stack/P/B: preconditions: Stack/P/C guards Stack/P/A already; create one for each object, or put it on the data node that both read'],
    ['whose key is no URI', (scope) => new S3KeyExistsPrecondition(scope, 'C', { s3Key: 'key' }),
      'Stack/P/C: s3Key: is not an S3 URI; got: "key"; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
    ['on no hosts', (scope) => shell(scope, 'A', { preconditions: [new ShellCommandPrecondition(scope, 'C', { command: 'ls' })] }),
      'Stack/P/C: runsOn: a command needs hosts to run on; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster, here or on the data node that it guards'],
    ['on a data node that says how long a check may take, and not for a moment', (scope) => node(scope, { directoryPath: 's3://data/', attemptTimeout: Duration.seconds(0) }),
      'Stack/P/Data: attemptTimeout: is a whole number of seconds, at least 1; got: 0 s'],
    ['that may be silent for a moment only', (scope) => new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/key', reportProgressTimeout: Duration.seconds(1) }),
      'Stack/P/C: reportProgressTimeout: is a whole number of seconds, at least 10; got: 1 s'],
    ['that gives up before it is asked', (scope) => new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/key', preconditionTimeout: Duration.seconds(0) }),
      'Stack/P/C: preconditionTimeout: is a whole number of seconds, at least 1; got: 0 s'],
    ['on time without a time', (scope) => new TimeWindowPrecondition(scope, 'C', {}),
      'Stack/P/C: notBefore: at least one of notBefore and notAfter says when; got: none'],
    ['on a time that is none', (scope) => new TimeWindowPrecondition(scope, 'C', { notBefore: '06:00' }),
      'Stack/P/C: notBefore: is a time such as "2026-12-01T06:00:00Z", or an expression; got: "06:00"'],
    ['whose window ends before it begins', (scope) => new TimeWindowPrecondition(scope, 'C', { notBefore: '2026-12-01T06:00:00Z', notAfter: '2026-12-01T05:00Z' }),
      'Stack/P/C: notAfter: is no earlier than notBefore; got: "2026-12-01T05:00Z" and "2026-12-01T06:00:00Z"'],
    ['of no table', (scope) => new DynamoDBDataExistsPrecondition(scope, 'C', {}),
      'Stack/P/C: tableName: exactly one of table and tableName names the table; got: none'],
    ['of a table that has no such name', (scope) => new DynamoDBTableExistsPrecondition(scope, 'C', { tableName: 'a table' }),
      'Stack/P/C: tableName: is 3 to 255 letters, digits, "-", "_" and "."; got: "a table"'],
    ['that looks for what an activity has not', (scope) => shell(scope, 'A', { preconditions: [new ExistsPrecondition(scope, 'C')] }),
      'Stack/P/A: preconditions: Stack/P/C is an ExistsPrecondition, which looks for the data of an S3DataNode; give another kind, or name it there'],
    ['that is asked too often', (scope) => new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/key', maximumRetries: 1000 }),
      'Stack/P/C: maximumRetries: is a whole number from 0 to 100; got: 1000'],
  ],

  'a cluster': [
    ['of a release that is none', (scope) => cluster(scope, { releaseLabel: '7.14.0' }),
      'Stack/P/Cluster: releaseLabel: names a release of Amazon EMR, such as "emr-7.14.0"; got: "7.14.0"'],
    ['with a queue for no step', (scope) => cluster(scope, { taskConcurrency: 0 }), 'Stack/P/Cluster: taskConcurrency: is a whole number from 1 to 256; got: 0'],
    ['of minus one core node', (scope) => cluster(scope, { coreInstanceCount: -1 }), 'Stack/P/Cluster: coreInstanceCount: is a whole number, 0 or more; got: -1'],
    ['of half a task node', (scope) => cluster(scope, { taskInstanceCount: 0.5 }), 'Stack/P/Cluster: taskInstanceCount: is a whole number, 0 or more; got: 0.5'],
    ['with a type of core nodes that it lacks', (scope) => cluster(scope, { coreInstanceType: 'm5.large' }),
      'Stack/P/Cluster: coreInstanceType: got: "m5.large" and no core nodes; give coreInstanceCount'],
    ['with a type of task nodes that it lacks', (scope) => cluster(scope, { taskInstanceType: 'm5.large' }),
      'Stack/P/Cluster: taskInstanceType: got: "m5.large" and no task nodes; give taskInstanceCount'],
    ['with task nodes only', (scope) => cluster(scope, { taskInstanceCount: 2 }),
      'Stack/P/Cluster: taskInstanceCount: got: 2 without core nodes; a cluster with task nodes needs at least one; give coreInstanceCount'],
    ['that ends before it can begin', (scope) => cluster(scope, { terminateAfter: Duration.minutes(9) }),
      'Stack/P/Cluster: terminateAfter: is a whole number of seconds, at least 600; got: 540 s'],
    ['whose launch has no time', (scope) => cluster(scope, { initTimeout: Duration.seconds(59) }),
      'Stack/P/Cluster: initTimeout: is a whole number of seconds, at least 60; got: 59 s'],
    ['whose logs go nowhere', (scope) => cluster(scope, { emrLogUri: 'logs' }),
      'Stack/P/Cluster: emrLogUri: is not an S3 URI; got: "logs/"; give "s3://<bucket>/<key>", the bucket without #{...}'],
    ['with an expression in the place for logs', (scope) => cluster(scope, { emrLogUri: 's3://logs/#{@scheduledStartTime}' }),
      'Stack/P/Cluster: emrLogUri: takes no expressions; got: "s3://logs/#{@scheduledStartTime}"; leave out #{...}'],
    ['at a price that is none', (scope) => cluster(scope, { masterInstanceBidPrice: '$0.35' }),
      'Stack/P/Cluster: masterInstanceBidPrice: is US dollars an hour, such as "0.35", or "OnDemandPrice"; got: "$0.35"'],
    ['for nothing', (scope) => cluster(scope, { masterInstanceBidPrice: '0.0' }),
      'Stack/P/Cluster: masterInstanceBidPrice: is US dollars an hour, such as "0.35", or "OnDemandPrice"; got: "0.0"'],
    ['at a price of core nodes that it lacks', (scope) => cluster(scope, { coreInstanceBidPrice: '0.35' }),
      'Stack/P/Cluster: coreInstanceBidPrice: got: "0.35" without such nodes; give coreInstanceCount'],
    ['at a price of task nodes that it lacks', (scope) => cluster(scope, { coreInstanceCount: 1, taskInstanceBidPrice: '0.35' }),
      'Stack/P/Cluster: taskInstanceBidPrice: got: "0.35" without such nodes; give taskInstanceCount'],
    ['on demand at last as at first', (scope) => cluster(scope, { useOnDemandOnLastAttempt: true }),
      'Stack/P/Cluster: useOnDemandOnLastAttempt: got: true, and no Spot Instances; give a bid price, or instanceFleets with targetSpotCapacity'],
    ['in two places', (scope) => cluster(scope, { availabilityZone: 'us-east-1a', subnet: Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1') }),
      'Stack/P/Cluster: availabilityZone: got: "us-east-1a" and subnet, which lies in one; give one of the two'],
    ['with one of two security groups', (scope) => cluster(scope, { emrManagedSlaveSecurityGroup: SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1') }),
      'Stack/P/Cluster: emrManagedSlaveSecurityGroup: got: one of emrManagedMasterSecurityGroup and emrManagedSlaveSecurityGroup; give both'],
    ['of fleets and groups', (scope) => cluster(scope, { instanceFleets: [], coreInstanceCount: 1 }),
      'Stack/P/Cluster: instanceFleets: got: it and coreInstanceCount, which are of instance groups; give fleets or groups'],
    ['of fleets without a primary node', (scope) => cluster(scope, { instanceFleets: [{ instanceFleetType: EmrCreateCluster.InstanceRoleType.CORE }] }),
      'Stack/P/Cluster: instanceFleets: has a fleet of type MASTER; got: none; add it'],
    ['with more scripts than it runs', (scope) => cluster(scope, { bootstrapActions: Array.from({ length: 256 }, () => SCRIPT) }),
      'Stack/P/Cluster: bootstrapActions: are 255 at most; got: 256'],
    ['with two schedulers', (scope) => cluster(scope, {
      hadoopSchedulerType: HadoopSchedulerType.PARALLEL_FAIR_SCHEDULING,
      configuration: [{ classification: 'yarn-site', properties: { 'yarn.resourcemanager.scheduler.class': 'mine' } }],
    }), 'Stack/P/Cluster: hadoopSchedulerType: got: PARALLEL_FAIR_SCHEDULING, and yarn.resourcemanager.scheduler.class "mine" in configuration; give one of the two'],
    ['under another name', (scope) => cluster(scope, { overrides: { Name: 'mine' } }),
      'Stack/P/Cluster: overrides: leave Name, Tags, Steps, ServiceRole, JobFlowRole, StepConcurrencyLevel, AutoTerminationPolicy to the run; got: Name'],
    ['with a wrong expression in a setting', (scope) => cluster(scope, { configuration: [{ classification: 'a', properties: { b: '#{nothing}' } }] }),
      'Stack/P/Cluster: configuration[0].properties.b: there is no name \'nothing\'; there are @scheduledStartTime, @scheduledEndTime, @actualStartTime, @latestRunTime, @nextRunTime, @id, parent.@id, @pipelineId (column 3) in "#{nothing}"'],
    ['with a wrong expression in a type', (scope) => cluster(scope, { masterInstanceType: 'm5.#{nothing}' }),
      'Stack/P/Cluster: masterInstanceType: there is no name \'nothing\'; there are @scheduledStartTime, @scheduledEndTime, @actualStartTime, @latestRunTime, @nextRunTime, @id, parent.@id, @pipelineId (column 6) in "m5.#{nothing}"'],
    ['with a wrong expression beyond its props', (scope) => cluster(scope, { overrides: { Instances: { Ec2SubnetIds: ['#{nothing}'] } } }),
      'Stack/P/Cluster: overrides.Instances.Ec2SubnetIds[0]: there is no name \'nothing\'; there are @scheduledStartTime, @scheduledEndTime, @actualStartTime, @latestRunTime, @nextRunTime, @id, parent.@id, @pipelineId (column 3) in "#{nothing}"'],
  ],

  'a proxy': [
    ['nowhere', (scope) => proxy(scope, { hostname: nothing }), 'Stack/P/Proxy: hostname: is a host name or an address, such as "proxy.example.com"; got: nothing'],
    ['that is a URL', (scope) => proxy(scope, { hostname: 'http://proxy' }),
      'Stack/P/Proxy: hostname: is a host name or an address, such as "proxy.example.com"; got: "http://proxy"'],
    ['whose host is no expression', (scope) => proxy(scope, { hostname: '#{proxy' }),
      'Stack/P/Proxy: hostname: \'#{\' is not closed: add \'}\' after the expression, or write #{\'#{\'} for the two characters themselves (column 1) in "#{proxy"'],
    ['without a port', (scope) => proxy(scope, { port: nothing }), 'Stack/P/Proxy: port: is a whole number from 1 to 65535; got: undefined'],
    ['on a port beyond all', (scope) => proxy(scope, { port: 70_000 }), 'Stack/P/Proxy: port: is a whole number from 1 to 65535; got: 70000'],
    ['for a user that could be a command', (scope) => proxy(scope, { username: '$(ls)', password: secret(scope) }),
      'Stack/P/Proxy: username: is of letters, digits and _ . @ + -; got: "$(ls)"'],
    ['for a user without a password', (scope) => proxy(scope, { username: 'loader' }),
      'Stack/P/Proxy: username: got: "loader" and no password; give the secret with it'],
    ['for nobody of a domain', (scope) => proxy(scope, { windowsDomain: 'CORP' }), 'Stack/P/Proxy: windowsDomain: got: "CORP" and no username; give username'],
    ['whose name only a run knows, for a cluster', (scope) => cluster(scope, { httpProxy: proxy(scope, { hostname: '#{@id}.corp' }) }),
      'Stack/P/Cluster: httpProxy: its hostname takes no expressions here; got: "#{@id}.corp" of Stack/P/Proxy; give its name'],
    ['of another pipeline, for a cluster', (scope) => cluster(scope, { httpProxy: proxy(another(scope)) }),
      'Stack/P/Cluster: httpProxy: belongs to another pipeline; got: Stack/Other/Proxy, not in Stack/P; create it in this pipeline'],
    ['that is like another kind', (scope) => proxy(scope, { parent: ec2(scope) as never }),
      'Stack/P/Proxy: parent: is an object of the same kind; got: Stack/P/Host, which is no HttpProxy; give one, or leave it out'],
  ],
  'an instance': [
    ['of no type', (scope) => ec2(scope, { instanceType: 'small' }), 'Stack/P/Host: instanceType: is an instance type, such as "t3.small"; got: "small"'],
    ['of no image', (scope) => ec2(scope, { imageId: 'al2023' }), 'Stack/P/Host: imageId: is the id of an image, such as "ami-0123456789abcdef0"; got: "al2023"'],
    ['with a user that could be a command', (scope) => ec2(scope, { runAsUser: 'root; ls' }),
      'Stack/P/Host: runAsUser: is a user of Linux: lower-case letters, digits, "-" and "_"; got: "root; ls"'],
    ['with a bid that is none', (scope) => ec2(scope, { spotBidPrice: 'cheap' }),
      'Stack/P/Host: spotBidPrice: is US dollars an hour, such as "0.035", or "OnDemandPrice"; got: "cheap"'],
    ['on demand at last, as it is from the first', (scope) => ec2(scope, { useOnDemandOnLastAttempt: true }),
      'Stack/P/Host: useOnDemandOnLastAttempt: got: true, and no Spot Instance; give spotBidPrice'],
    ['in two places', (scope) => ec2(scope, { availabilityZone: 'us-east-1a', subnet: Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1') }),
      'Stack/P/Host: availabilityZone: got: "us-east-1a" and subnet, which lies in one; give one of the two'],
    ['with groups of another VPC', (scope) => ec2(scope, { securityGroupNames: ['web'], subnet: Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1') }),
      'Stack/P/Host: securityGroupNames: are of the default VPC; got: them and subnet; give securityGroups'],
    ['with an address in no subnet', (scope) => ec2(scope, { associatePublicIpAddress: true }),
      'Stack/P/Host: associatePublicIpAddress: got: true without subnet; give the subnet'],
    ['that ends before it can do anything', (scope) => ec2(scope, { terminateAfter: Duration.minutes(5) }),
      'Stack/P/Host: terminateAfter: is a whole number of seconds, at least 600; got: 300 s'],
    ['behind a proxy of another pipeline', (scope) => ec2(scope, { httpProxy: proxy(another(scope)) }),
      'Stack/P/Host: httpProxy: belongs to another pipeline; got: Stack/Other/Proxy, not in Stack/P; create it in this pipeline'],
    ['whose tasks may not be silent at all', (scope) => ec2(scope, { reportProgressTimeout: Duration.seconds(5) }),
      'Stack/P/Host: reportProgressTimeout: is a whole number of seconds, at least 10; got: 5 s'],
    ['with too many launches', (scope) => ec2(scope, { maximumRetries: 101 }), 'Stack/P/Host: maximumRetries: is a whole number from 0 to 100; got: 101'],
  ],

  'an activity on a cluster': [
    ['without a cluster', (scope) => new EmrActivity(scope, 'A', { runsOn: nothing, steps: [] }),
      'Stack/P/A: runsOn: steps need a cluster to run on; got: nothing; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
    ['that reports its progress itself', (scope) => new EmrActivity(scope, 'A', { runsOn: cluster(scope), steps: [EmrStep.command(['true'])], reportProgressTimeout: Duration.minutes(1) }),
      'Stack/P/A: reportProgressTimeout: goes with a WorkerGroup; got: it and Stack/P/Cluster, which the run itself asks; give attemptTimeout'],
    ['that hosts are to grow', (scope) => new EmrActivity(scope, 'A', { runsOn: hosts(scope), steps: [EmrStep.command(['true'])], resizeClusterBeforeRunning: true }),
      "Stack/P/A: resizeClusterBeforeRunning: adds nodes to a cluster of the run's own; got: Stack/P/Hosts; leave it out, or give runsOn an EmrCluster"],
    ['without steps', (scope) => steps(scope, []), 'Stack/P/A: steps: is empty; got: []; give at least one EmrStep'],
    ['with a step without arguments', (scope) => steps(scope, [EmrStep.command([])]),
      'Stack/P/A: steps: A runs nothing; got: jar "command-runner.jar" without arguments; give the program and its arguments'],
    ['with a step without a jar', (scope) => steps(scope, [EmrStep.jar({ jar: 'a.jar' }), EmrStep.jar({ jar: '' })]),
      'Stack/P/A: steps: A: step 2 runs nothing; got: jar ""; give the jar\'s S3 URI or its path on the cluster'],
  ],

  'a database': [
    ['on no host', (scope) => database(scope, {}), NO_PLACE + 'none'],
    ['on two hosts', (scope) => database(scope, { clusterId: 'c', workgroupName: 'w' }),
      NO_PLACE + 'clusterId and workgroupName'],
    ['with properties that the Data API lacks', (scope) => database(scope, { workgroupName: 'w', jdbcProperties: ['ssl=true'] }),
      'Stack/P/Db: jdbcProperties: go with connectionString; got: workgroupName, and the Data API has none; leave them out'],
    ['with a connection and no password', (scope) => database(scope, { connectionString: 'jdbc:redshift://h/d' }),
      'Stack/P/Db: password: is what Task Runner connects with; got: connectionString, and no secret; give one'],
    ['with a connection to another engine', (scope) => database(scope, { connectionString: 'jdbc:mysql://h/d', password: secret(scope) }),
      'Stack/P/Db: connectionString: begins with "jdbc:redshift://"; got: "jdbc:mysql://h/d"; else give a JdbcDatabase'],
    ['with the id of a workgroup that it lacks', (scope) => database(scope, { clusterId: 'c', username: 'u', workgroupId: 'i' }),
      'Stack/P/Db: workgroupId: goes with workgroupName; got: "i" and no workgroup; give workgroupName, or leave it out'],
    ['with two users', (scope) => database(scope, { clusterId: 'c', username: 'u', password: new Secret(scope, 'S', { secretStringValue: SecretValue.unsafePlainText('{}') }) }),
      'Stack/P/Db: username: got: "u" with password, whose secret names the user; leave it out'],
    ['with a user in a workgroup', (scope) => database(scope, { workgroupName: 'w', username: 'u' }),
      'Stack/P/Db: username: got: "u" with workgroupName, where the user is derived from the role; leave it out'],
    ['with no user in a cluster', (scope) => database(scope, { clusterId: 'c' }),
      'Stack/P/Db: username: a provisioned cluster needs a user for temporary credentials, or a secret as password; got: neither'],
    ['without a name', (scope) => database(scope, { workgroupName: 'w', databaseName: '' }), 'Stack/P/Db: databaseName: is empty; got: ""; give the name of the database'],
  ],

  'a database that Task Runner connects to': [
    ['without a driver', (scope) => jdbc(scope, { connectionString: 'jdbc:oracle:thin:@h' }),
      'Stack/P/Db: connectionString: Task Runner has drivers of mysql, mariadb, postgresql, redshift; got: "jdbc:oracle:thin:@h"; give one that begins with "jdbc:mysql://", or the like'],
    ['with a password in the open', (scope) => jdbc(scope, { connectionString: 'jdbc:mysql://h/d?password=p' }),
      'Stack/P/Db: connectionString: has no credentials in it; got: password; keep them in the secret'],
    ['with a property that means nothing', (scope) => jdbc(scope, { jdbcProperties: ['useCursorFetch=true'] }),
      'Stack/P/Db: jdbcProperties: the driver has the properties ssl, sslmode, connectTimeout, loginTimeout, ApplicationName, currentSchema; got: "useCursorFetch"; leave it out'],
    ['on no instance', (scope) => new RdsDatabase(scope, 'Db', { password: secret(scope) }),
      "Stack/P/Db: rdsInstanceId: exactly one of instance and rdsInstanceId names the database's host; got: none"],
    ['on an instance that only the run knows', (scope) => new RdsDatabase(scope, 'Db', { password: secret(scope), rdsInstanceId: '#{@id}' }),
      'Stack/P/Db: rdsInstanceId: is a name without expressions; got: "#{@id}"'],
    ['on an instance without a driver', (scope) => {
      const instance = new DatabaseInstance(Stack.of(scope), 'Instance', {
        engine: DatabaseInstanceEngine.oracleEe({ version: OracleEngineVersion.VER_19 }), vpc: new Vpc(Stack.of(scope), 'Vpc'),
      });
      return new RdsDatabase(scope, 'Db', { password: secret(scope), instance });
    }, 'Stack/P/Db: instance: Task Runner has drivers of MySQL, MariaDB and PostgreSQL; got: Stack/Instance of oracle-ee'],
  ],

  'statements': [
    ['that are none', (scope) => sql(scope, { script: undefined }), 'Stack/P/Sql: script: exactly one of script and scriptUri says what to run; got: none'],
    ['that are comments', (scope) => sql(scope, { script: '-- none' }), 'Stack/P/Sql: script: has a statement; got: "-- none"'],
    ['for a database of another pipeline', (scope) => sql(scope, { database: jdbc(another(scope)) }),
      'Stack/P/Sql: database: belongs to another pipeline; got: Stack/Other/Db, not in Stack/P; create it in this pipeline'],
    ['with too few arguments', (scope) => sql(scope, { script: 'SELECT ?, ?', scriptArgument: ['1'] }),
      'Stack/P/Sql: scriptArgument: has a value for each "?" of the script; got: 1 for 2'],
    ['with a value among their words', (scope) => sql(scope, { script: 'DROP TABLE t#{@scheduledStartTime}' }),
      "Stack/P/Sql: script: takes expressions in texts only, such as '#{@scheduledStartTime}'; got one elsewhere in line 1; " +
      'got: "DROP TABLE t#{@scheduledStartTime}"'],
    ['on no host', (scope) => sql(scope, { runsOn: undefined }), 'Stack/P/Sql: runsOn: Task Runner connects to Stack/P/Db; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
    ['in a queue of a database that has none', (scope) => sql(scope, { queue: 'q' }), 'Stack/P/Sql: queue: only Amazon Redshift has queues; got: "q" for Stack/P/Db; leave it out'],
    ['on a host that is not needed', (scope) => sql(scope, { database: database(scope) }),
      'Stack/P/Sql: runsOn: is for what Task Runner does; got: Stack/P/Db, which the Redshift Data API reaches; leave it out'],
    ['in S3, for the Data API', (scope) => sql(scope, { database: database(scope), runsOn: undefined, script: undefined, scriptUri: 's3://code/a.sql' }),
      'Stack/P/Sql: scriptUri: the Redshift Data API reads no script in S3; got: "s3://code/a.sql"; give script, or the database a connectionString'],
    ['that are too many for the Data API', (scope) => sql(scope, { database: database(scope), runsOn: undefined, script: 'SELECT 1;'.repeat(41) }),
      'Stack/P/Sql: script: the Redshift Data API runs at most 40 statements at once; got: 41; divide it, or give the database a connectionString'],
  ],

  'a table of SQL': [
    ['without a name', (scope) => sqlTable(scope, { table: '' }), 'Stack/P/Table: table: is a name of 1 to 127 characters, without expressions; got: ""'],
    ['in a database of another pipeline', (scope) => sqlTable(scope, { database: jdbc(another(scope)) }),
      'Stack/P/Table: database: belongs to another pipeline; got: Stack/Other/Db, not in Stack/P; create it in this pipeline'],
    ['that is read by no SELECT', (scope) => sqlTable(scope, { selectQuery: 'DELETE FROM t' }),
      'Stack/P/Table: selectQuery: is a SELECT, one statement; got: "DELETE FROM t"'],
    ['that is read by two', (scope) => sqlTable(scope, { selectQuery: 'SELECT 1; SELECT 2' }),
      'Stack/P/Table: selectQuery: is a SELECT, one statement; got: "SELECT 1; SELECT 2"'],
    ['that is read by what the run says', (scope) => sqlTable(scope, { selectQuery: 'SELECT * FROM t WHERE day = #{@scheduledStartTime}' }),
      "Stack/P/Table: selectQuery: takes expressions in texts only, such as '#{@scheduledStartTime}'; got one elsewhere in line 1; " +
      'got: "SELECT * FROM t WHERE day = #{@scheduledStartTime}"'],
    ['that is written without its values', (scope) => sqlTable(scope, { insertQuery: 'INSERT INTO t DEFAULT VALUES' }),
      'Stack/P/Table: insertQuery: has a "?" for each column of a row; got: "INSERT INTO t DEFAULT VALUES"'],
    ['that is made otherwise', (scope) => sqlTable(scope, { createTableSql: 'CREATE VIEW v AS SELECT 1' }),
      'Stack/P/Table: createTableSql: is a CREATE TABLE, one statement; got: "CREATE VIEW v AS SELECT 1"'],
  ],

  'a table': [
    ['without a name', (scope) => table(scope, { tableName: '' }), 'Stack/P/Table: tableName: is a name of 1 to 127 characters, without expressions; got: ""'],
    ['with a schema that only the run knows', (scope) => table(scope, { schemaName: '#{@scheduledStartTime}' }),
      'Stack/P/Table: schemaName: is a name of 1 to 127 characters, without expressions; got: "#{@scheduledStartTime}"'],
    ['with a key without a name', (scope) => table(scope, { primaryKeys: ['id', ''] }),
      'Stack/P/Table: primaryKeys: is a name of 1 to 127 characters, without expressions; got: ""'],
    ['that something else than CREATE TABLE makes', (scope) => table(scope, { createTableSql: 'DROP TABLE t' }),
      'Stack/P/Table: createTableSql: is one CREATE TABLE statement, without expressions; got: "DROP TABLE t"'],
    ['made under a name that only the run knows', (scope) => table(scope, { createTableSql: 'CREATE TABLE t#{@scheduledStartTime} (id INT)' }),
      'Stack/P/Table: createTableSql: is one CREATE TABLE statement, without expressions; got: "CREATE TABLE t#{@scheduledStartTime} (id INT)"'],
  ],

  'a load': [
    ['in a mode that is none', (scope) => load(scope, 'MERGE' as never),
      'Stack/P/Load: insertMode: is one of KEEP_EXISTING, OVERWRITE_EXISTING, TRUNCATE, APPEND; got: MERGE'],
    ['that tells rows apart by nothing', (scope) => load(scope, RedshiftInsertMode.KEEP_EXISTING),
      'Stack/P/Load: insertMode: KEEP_EXISTING tells rows apart by their keys; got: no primaryKeys on Stack/P/Table; name the columns there'],
    ['into where the Data API does not reach, by nobody', (scope) => {
      const unreached = new RedshiftDatabase(scope, 'Far', { connectionString: 'jdbc:redshift://h/dev', password: secret(scope) });
      const output = new RedshiftDataNode(scope, 'Facts', { database: unreached, tableName: 'facts' });
      return new RedshiftCopyActivity(scope, 'Load', { input: folder(scope, 'Raw'), output, insertMode: RedshiftInsertMode.APPEND });
    }, 'Stack/P/Load: runsOn: Task Runner connects to Stack/P/Far; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
    ['from S3 to S3', (scope) => {
      const [input, output] = [folder(scope, 'Raw'), folder(scope, 'Clean')];
      return new RedshiftCopyActivity(scope, 'Load', { input, output, insertMode: RedshiftInsertMode.APPEND });
    }, 'Stack/P/Load: output: one of input and output is a table; got: Stack/P/Raw and Stack/P/Clean; give a RedshiftDataNode'],
  ],
};

describe.each(Object.entries(CONSTRUCTED))('%s', (_, cases) => {
  test.each(cases)('%s', (_what, build, message) => {
    expect(() => build(pipeline())).toThrow(new Error(message));
  });
});

/** What only the whole graph can tell. */
const WHOLE: Case[] = [
  ['no activity', () => undefined, 'Stack/P: has no activity: there is nothing to run; add one'],
  ['an activity that reads what only it writes', (scope) => {
    const loop = folder(scope, 'Loop');
    shell(scope, 'A', { input: [loop], output: [loop] });
  }, 'Stack/P/A: input: reads Stack/P/Loop, which only it writes; leave it out of input or output'],
  ['a cycle', (scope) => {
    const [x, y] = [folder(scope, 'X'), folder(scope, 'Y')];
    const first = shell(scope, 'First', { input: [y], output: [x] });
    const second = shell(scope, 'Second', { dependsOn: [first] });
    shell(scope, 'Third', { dependsOn: [second], input: [x], output: [y] });
  }, 'Stack/P/Second: dependsOn: waits for itself: Second -> Third -> First -> Second; remove one of these dependencies'],
  ['a precondition that guards nothing', (scope) => {
    shell(scope, 'A');
    new S3KeyExistsPrecondition(scope, 'C', { s3Key: 's3://data/key' });
  }, 'Stack/P/C: preconditions: guards nothing; name it in the preconditions of an activity or a data node'],
];

test.each(WHOLE)('%s', (_what, build, message) => {
  const scope = pipeline();
  build(scope);
  expect(problems(scope)).toEqual([message]);
});

describe('synthesis refuses', () => {
  const synth = (build: (scope: Pipeline) => unknown) => () => {
    const scope = pipeline();
    build(scope);
    return (scope.node.root as App).synth();
  };

  test('what the whole graph shows', () => {
    expect(synth(() => undefined)).toThrow('Stack/P: has no activity');
  });

  test('an expression of an action that its object cannot evaluate', () => {
    expect(synth((scope) => shell(scope, 'A', { onFail: [new SnsAlarm({ topic: new Topic(scope, 'T'), message: '#{node.status}' })] })))
      .toThrow("Stack/P/A: onFail: there is no name 'node.status'; did you mean node.@status? (column 3) in \"#{node.status}\"");
  });
});
