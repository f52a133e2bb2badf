import { call, Code, literal, Props, textOf } from '../code';
import { ACTIVITY } from './common';
import { changed, propOf, Rules, TypeRules, Whole, without } from './rule';
import { choice, each, flag, gone, integer, known, ref, refs, reportServiceBucket, sql, text, texts, uri } from './rules';
import type { Use } from './use';

const READS_AND_WRITES: Rules = { input: refs('input', 'data node'), output: refs('output', 'data node') };
const ONE_TO_ONE: Rules = { input: ref('input', 'data node'), output: ref('output', 'data node') };
const RESIZE: Rules = {
  resizeClusterBeforeRunning: flag('resizeClusterBeforeRunning'),
  resizeClusterMaxInstances: integer('resizeClusterMaxInstances'),
};
const NO_WORKER = gone('No worker reports progress: the run itself asks the service.', '`attemptTimeout`.');
const ON_CLUSTER: Rules = {
  ...ACTIVITY,
  postActivityTaskConfig: ref('postActivityTaskConfig', 'script'),
  preActivityTaskConfig: ref('preActivityTaskConfig', 'script'),
};
const HOSTED = [['runsOn', 'workerGroup']];

function activity(construct: string, fields: Rules, more: Partial<TypeRules> = {}): TypeRules {
  return { kind: 'activity', construct, fields, oneOf: HOSTED, ...more };
}

/** Programs that the images of old had at other places. */
const STREAMING = /^\/home\/hadoop\/contrib\/streaming\/hadoop-streaming\.jar,/;

function step(use: Use, written: string): Code | undefined {
  const code = use.runtime(written);
  if (!code) return undefined;
  const given = textOf(code)!;
  reportServiceBucket(use, given);
  const now = given.replace(STREAMING, 'command-runner.jar,hadoop-streaming,');
  if (now !== given) use.warn('runs hadoop-streaming by command-runner.jar: the jar is not in /home/hadoop any more');
  else if (/^\/home\/hadoop\//.test(now)) use.warn(`runs what images of Amazon EMR had in /home/hadoop; got: "${now.split(',')[0]}"; say where the release has it`);
  return call('EmrStep.fromString', literal(now));
}

/** Of what the resize is about. */
function resized(props: Props, whole: Whole): Props {
  if (propOf(props, 'resizeClusterBeforeRunning')) {
    whole.warn('resizeClusterBeforeRunning', 'adds nodes of the cluster\'s own type; the service meant instance types of another decade: look at resizeClusterMaxInstances');
  }
  return props;
}

/** The service staged what there was. */
function staged(props: Props, whole: Whole): Props {
  if (propOf(props, 'input') ?? propOf(props, 'output')) return props;
  if (textOf(propOf(props, 'stage')) === 'true') whole.warn('stage', 'is left out: there is neither input nor output to stage');
  return without(props, 'stage');
}

/** What the Data API does needs no host. */
function hostless(props: Props): Props {
  return without(props, 'runsOn', 'reportProgressTimeout');
}

const HOST = () => changed('Nothing: it is not needed', 'Amazon Redshift itself reads and writes Amazon S3, asked by the Redshift Data API: no host takes part.');

export const ACTIVITIES: Readonly<Record<string, TypeRules>> = {
  CopyActivity: activity('CopyActivity', { ...ACTIVITY, ...ONE_TO_ONE }, { required: ['input', 'output'] }),
  EmrActivity: activity('EmrActivity', {
    ...ACTIVITY,
    ...READS_AND_WRITES,
    ...RESIZE,
    postStepCommand: texts('postStepCommand'),
    preStepCommand: texts('preStepCommand'),
    step: each('steps', step),
  }, { required: ['step'], finish: resized }),
  HadoopActivity: activity('HadoopActivity', {
    ...ON_CLUSTER,
    ...READS_AND_WRITES,
    argument: texts('argument'),
    hadoopQueue: text('hadoopQueue'),
    jarUri: text('jarUri'),
    mainClass: known('mainClass'),
  }, { required: ['jarUri'] }),
  HiveActivity: activity('HiveActivity', {
    ...ON_CLUSTER,
    ...READS_AND_WRITES,
    ...RESIZE,
    hadoopQueue: text('hadoopQueue'),
    hiveScript: text('hiveScript'),
    scriptUri: uri('scriptUri'),
    scriptVariable: texts('scriptVariable'),
    stage: flag('stage'),
  }, { oneOf: [...HOSTED, ['hiveScript', 'scriptUri']], finish: resized }),
  HiveCopyActivity: activity('HiveCopyActivity', { ...ON_CLUSTER, ...ONE_TO_ONE, ...RESIZE, filterSql: text('filterSql') },
    { required: ['input', 'output'], finish: resized }),
  PigActivity: activity('PigActivity', {
    ...ON_CLUSTER,
    ...READS_AND_WRITES,
    ...RESIZE,
    script: text('script'),
    scriptUri: uri('scriptUri'),
    scriptVariable: texts('scriptVariable'),
    stage: flag('stage'),
  }, { oneOf: [...HOSTED, ['script', 'scriptUri']], finish: resized }),
  RedshiftCopyActivity: activity('RedshiftCopyActivity', {
    ...ACTIVITY,
    ...ONE_TO_ONE,
    commandOptions: texts('commandOptions'),
    insertMode: choice('insertMode', 'RedshiftInsertMode', ['TRUNCATE', 'APPEND', 'KEEP_EXISTING', 'OVERWRITE_EXISTING']),
    queue: text('queue'),
    reportProgressTimeout: NO_WORKER,
    runsOn: HOST,
    transformSql: text('transformSql'),
    workerGroup: HOST,
  }, { required: ['input', 'output', 'insertMode'], oneOf: [], finish: hostless }),
  ShellCommandActivity: activity('ShellCommandActivity', {
    ...ACTIVITY,
    ...READS_AND_WRITES,
    command: text('command'),
    scriptArgument: texts('scriptArgument'),
    scriptUri: uri('scriptUri'),
    stage: flag('stage'),
    stderr: text('stderr'),
    stdout: text('stdout'),
  }, { oneOf: [...HOSTED, ['command', 'scriptUri']], finish: staged }),
  SqlActivity: activity('SqlActivity', {
    ...ACTIVITY,
    ...READS_AND_WRITES,
    database: ref('database', 'database'),
    queue: text('queue'),
    script: sql('script'),
    scriptArgument: texts('scriptArgument'),
    scriptUri: uri('scriptUri'),
  }, { required: ['database'], oneOf: [...HOSTED, ['script', 'scriptUri']] }),
};

