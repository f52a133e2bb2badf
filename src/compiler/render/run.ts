/**
 * The Run machine: `Run: begin` (after `Run: time zones` where expressions need them), the tree, and the end that every way through the tree leads to: result, report, settle, clean up,
 * leave queue, outcome.
 *
 * Only these may refuse; nothing has been launched then.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Activity } from '../../activities/activity';
import { ACTIONS_FAILED, RAN_BEFORE, RUN_FAILED } from '../../contract/run';
import { ITEM_KEY, RUN_ITEM, RUN_KEY } from '../../contract/table';
import { DataNode } from '../../data-nodes/data-node';
import { renderIsoTime } from '../../expression/iso-time';
import type { ScheduledRuns } from '../../scheduled-runs';
import { ANY_ERROR, Asl, jsonata, jsonataObject, jsonataStrings, Machine, merged, REFUSAL_ERROR, States, TRANSIENT_RETRY } from '../asl';
import { machineOf } from '../handed-over';
import { dueTime, startLate } from '../late';
import { awaitedElsewhere, Graph, isOwn } from '../link';
import { Plan, plan } from '../plan';
import { planRecord } from '../plan-record';
import { resourceOfCheck, SharedResources, sharedResources } from '../sharing';
import { cascadesWhenCanceled } from './cascade';
import { Asking, goTo, RunContext } from './context';
import { CONDITION_FAILED } from './latch';
import { dispatch, leaveQueue } from './queue';
import { numbersOf, placesOf, Tree, TreeRenderer } from './tree';
import { knowingZones } from './zones';
import { leftoversOf, resourcesOf, worksOf } from '../reap/kinds';
import { settledWith } from '../reap/settle';

const CAUSE_LENGTH = 32_768;
const OUTPUT_LENGTH = 250_000;

export function renderRun(runs: ScheduledRuns, graph: Graph): Machine {
  const { pipeline } = runs;
  const tree = plan(graph.units);
  const numbers = numbersOf(tree);
  const shared = sharedResources(tree, graph.units);
  const context = new RunContext(runs, placesOf(tree, numbers), askingOf(graph, tree, shared));
  const rendered = new TreeRenderer(context, numbers, shared, new Set(awaitedElsewhere(runs))).render(tree, goTo('Run: result'));
  const states = merged(rendered.states, end(context, graph, rendered));
  // The constants and the time zones are known when all else is rendered.
  const first = knowingZones(context, 'Run: time zones', 'Run: begin', {
    Catch: [{ ErrorEquals: ANY_ERROR, Output: jsonata('$states.errorOutput'), Next: 'Run: refused' }],
  });
  const definition = {
    Comment: `A run of ${runs.title}`,
    QueryLanguage: 'JSONata',
    StartAt: first.start,
    TimeoutSeconds: pipeline._defaults.runTimeout.toSeconds(),
    States: merged(first.states, begin(context, graph, rendered.start), states),
  };
  const events = context.worstEvents(definition.States);
  const record = planRecord(tree, numbers.latches);
  const document = { pipeline: pipeline.pipelineName, schedule: runs.scheduleName, timing: runs.schedule._timing, plan: record };
  return { definition, statements: context.statements, events, plan: document };
}

/** What shares the events of the history. */
function askingOf({ units }: Graph, tree: Plan, shared: SharedResources): Asking {
  const own = units.filter((unit) => !machineOf(unit));
  return {
    preconditions: units.reduce((count, unit) => count + unit.preconditions.length, 0),
    statements: worksOf({ units: own }).filter(({ kind }) => kind === 'redshiftData').length,
    waits: 2 * units.filter((unit) => !isOwn(unit)).length + awaitsIn(tree)
      + [...shared.values()].reduce((sum, users) => sum + 1 + users.filter((user) => own.includes(user)).length, 0)
      + units.flatMap(({ preconditions }) => preconditions.filter((each) => resourceOfCheck(each))).length,
  };
}

function awaitsIn(tree: Plan): number {
  if (tree.kind === 'unit') return 0;
  const own = tree.kind === 'prime' ? [...tree.awaits.values()].flat().length : 0;
  return tree.children.reduce((sum, child) => sum + awaitsIn(child), own);
}

function begin(context: RunContext, graph: Graph, start: string): States {
  const sources = [...graph.producers].filter(([node, producers]) => producers.length === 0 && !node._isUnit).map(([node]) => node);
  const late = context.runs.lateWatchIfAny;
  const retention = pipelineRetention(context);
  const time = (name: string) => jsonata(renderIsoTime(`$toMillis($states.input.${name})`));
  const expiresAt = `$string($floor($millis() / 1000) + ${retention})`;
  return {
    'Run: begin': {
      Type: 'Task',
      ...begun({
        ...runItem(context, {
          status: { S: 'RUNNING' },
          scheduledStartTime: { S: time('scheduledStartTime') },
          scheduledEndTime: { S: time('scheduledEndTime') },
          parameters: { S: jsonata(`$string(${PARAMETERS})`) },
          startTime: { S: jsonata('$states.context.Execution.StartTime') },
          executionArn: { S: jsonata('$states.context.Execution.Id') },
        }, '$states.context.Execution.Name'),
      }, sources),
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError', CONDITION_FAILED], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [
        { ErrorEquals: [CONDITION_FAILED], Next: 'Run: ran before' },
        { ErrorEquals: ANY_ERROR, Output: jsonata('$states.errorOutput'), Next: 'Run: refused' },
      ],
      Assign: {
        ...context.texts.constants,
        run: jsonata('$states.context.Execution.Name'),
        scheduledStartTime: time('scheduledStartTime'),
        scheduledEndTime: time('scheduledEndTime'),
        ...dueTime(context.runs.due),
        parameters: jsonata(PARAMETERS),
        kept: jsonata(settledWith('$states.result.Attributes')),
        expiresAt: jsonata(expiresAt),
      },
      Output: {},
      Next: late ? 'Run: watch' : start,
    },
    ...(late ? { 'Run: watch': startLate(context, late.stateMachineArn, start) } : {}),
    'Run: ran before': { Type: 'Fail', Error: RAN_BEFORE, Cause: 'A run has this name already; datapipeline rerun repeats what of it has not finished' },
    'Run: refused': {
      Type: 'Fail',
      Error: REFUSAL_ERROR,
      Cause: jsonata('"The run could not begin. Its input is {scheduledStartTime, scheduledEndTime, parameters?}, times in ISO-8601. " '
        + '& $states.input.Error & ": " & $states.input.Cause'),
    },
  };
}

const PARAMETERS = '($exists($states.input.parameters) ? $states.input.parameters : {})';

/**
 * What a rerun keeps of the statuses before it stands in its item already. Step Functions forgets an execution, and its name is free again;
 * the table does not forget that there was a run.
 */
function begun({ Resource, Arguments: given }: Asl, sources: readonly DataNode[]): Asl {
  const { UpdateExpression, ExpressionAttributeValues: values, ...rest } = given as { UpdateExpression: string; ExpressionAttributeValues: Asl };
  return {
    Resource,
    Arguments: {
      ...rest,
      UpdateExpression: `${UpdateExpression}, settledWith = if_not_exists(settledWith, :settledWith)`,
      ConditionExpression: 'attribute_not_exists(startTime) OR startTime = :startTime',
      ExpressionAttributeValues: { ...values, ':settledWith': { M: Object.fromEntries(sources.map(({ objectId }) => [objectId, { S: 'FINISHED' }])) } },
      ReturnValues: 'ALL_NEW',
    },
  };
}

function end(context: RunContext, graph: Graph, tree: Tree): States {
  const cleansUp = leftoversOf(context.pipeline, graph, context.partition).length > 0;
  const report = reportTask(context, 'Run: settle');
  return merged({
    'Run: result': {
      Type: 'Pass',
      Assign: { result: jsonata(resultExpression(context, graph, tree)) },
      Output: {},
      Next: 'Run: report',
    },
    'Run: report': report,
    'Run: settle': {
      Type: 'Task',
      ...runItem(context, { status: { S: jsonata('$result.status') }, endTime: { S: jsonata('$now()') } }, '$run'),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: cleansUp ? 'Run: clean up' : 'Run: leave queue' }],
      Output: {},
      Next: cleansUp ? 'Run: clean up' : 'Run: leave queue',
    },
    ...(cleansUp ? { 'Run: clean up': cleanUp(context, graph) } : {}),
    'Run: outcome': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$next != ""'), Next: 'Run: start next' },
        { Condition: jsonata('$exists($result.objects.*.actionError)'), Next: ACTIONS_FAILED },
        FINISHED,
      ],
      Default: 'Run: failed',
    },
    [ACTIONS_FAILED]: { Type: 'Choice', Choices: [FINISHED], Default: 'Run: failed' },
    'Run: finished': { Type: 'Succeed', Output: jsonata(fitting('$result', OUTPUT_LENGTH)) },
    'Run: failed': { Type: 'Fail', Error: RUN_FAILED, Cause: jsonata(`$string(${fitting('$result', CAUSE_LENGTH)})`) },
  }, giveWay(context));
}

const FINISHED: Asl = { Condition: jsonata('$result.status = "FINISHED"'), Next: 'Run: finished' };

/** A run that cannot say that it has ended is found out by the Starter, in the event of its end or when its place is needed. */
function giveWay(context: RunContext): States {
  const nobody = { ErrorEquals: ANY_ERROR, Assign: { next: '' }, Next: 'Run: outcome' };
  context.allowUpdate();
  return {
    'Run: leave queue': {
      ...leaveQueue(context.runs, context.partition, '$run'),
      Retry: [TRANSIENT_RETRY],
      Catch: [nobody],
      Assign: { next: jsonata('$states.result.Attributes.next.S & ""') },
      Output: {},
      Next: 'Run: outcome',
    },
    'Run: start next': { ...dispatch(context.partition, '$next'), Retry: [TRANSIENT_RETRY], Catch: [nobody], Assign: { next: '' }, Output: {}, Next: 'Run: outcome' },
  };
}

/** The result, or what of it fits: failures first, without their reasons if need be, and how many objects are left out. */
export function fitting(result: string, length: number): string {
  return `(
    $size := function($value) { $length($string($value)) };
    $failures := $sift(${result}.objects, function($object) { $object.status != "FINISHED" });
    $head := $sift(${result}, function($value, $key) { $key != "objects" });
    $all := $count($keys(${result}.objects));
    $with := function($objects) { $merge([$head, {"objects": $exists($objects) ? $objects : {}, "omitted": $all - $count($keys($objects))}]) };
    $brief := $merge($map($keys($failures), function($id) { {$id: {"status": $lookup($failures, $id).status, "attempts": $lookup($failures, $id).attempts}} }));
    $few := $merge($map($filter($keys($brief), function($id, $index) { $index < ${Math.floor(length / 500)} }), function($id) { {$id: $lookup($brief, $id)} }));
    $size(${result}) <= ${length} ? ${result}
      : $size($with($failures)) <= ${length} ? $with($failures)
      : $size($with($brief)) <= ${length} ? $with($brief) : $with($few)
  )`.replace(/\s*\n\s*/g, ' ');
}

function resultExpression(context: RunContext, graph: Graph, tree: Tree): string {
  const nodes = [...graph.producers].filter(([node]) => !node._isUnit);
  const dataNodes = jsonataObject(Object.fromEntries(nodes.map(([node, producers]) => [node.objectId, dataNodeResult(context, producers)])));
  const location = context.texts.literal(`${context.pipeline._logs.uri}runs/`);
  return `(
    $activities := ${tree.results};
    $dataNode := function($producers, $cascading, $ifCanceled) { (
      $open := $filter($producers, function($id) { $lookup($activities, $id).status != "FINISHED" });
      $failed := $filter($cascading, function($id) { $not($lookup($activities, $id).status in ["FINISHED", "WAITING_ON_DEPENDENCIES"]) });
      $canceled := $filter($ifCanceled, function($id) { $lookup($activities, $id).status = "CANCELED" });
      $exists($open) ? {"status": $exists($failed) or $exists($canceled) ? "CASCADE_FAILED" : "WAITING_ON_DEPENDENCIES", "attempts": 0} : {"status": "FINISHED", "attempts": 1}
    ) };
    $objects := $merge([$activities, ${dataNodes}]);
    {
      "pipeline": ${context.texts.literal(context.pipeline.pipelineName)},
      "run": $run,
      "status": $exists($sift($objects, function($object) { $object.status != "FINISHED" })) ? "FAILED" : "FINISHED",
      "scheduledStartTime": $scheduledStartTime,
      "scheduledEndTime": $scheduledEndTime,
      "objects": $objects,
      "resultUri": ${location} & $run & ".json"
    }
  )`.replace(/\s*\n\s*/g, ' ');
}

/** A data node that nothing writes is there; another is to its producers as a consumer is: it cascades if one failed that does. */
function dataNodeResult(context: RunContext, producers: readonly Activity[]): string {
  const ids = (activities: readonly Activity[]): string => jsonataStrings(activities.map(({ objectId }) => objectId));
  const cascading = producers.filter(({ _props }) => context.settings(_props).cascade);
  const ifCanceled = producers.filter((object) => cascadesWhenCanceled(context, { object }));
  return `$dataNode(${[producers, cascading, ifCanceled].map(ids).join(', ')})`;
}

/** The whole result stays in S3 when Step Functions has forgotten the execution. */
function reportTask(context: RunContext, next: string): Asl {
  const { pipeline } = context;
  const location = pipeline._logs.child('runs/');
  context.allow(...location.writeStatements());
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:s3:putObject'),
    Arguments: {
      Bucket: location.bucket.bucketName,
      Key: jsonata(`${context.texts.literal(location.key)} & $run & ".json"`),
      Body: jsonata('$result'),
      ContentType: 'application/json',
    },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

/** One look is enough, unless a launch whose answer was lost may still surface. */
function cleanUp(context: RunContext, graph: Graph): Asl {
  const { stateMachineArn } = context.runs.reaper;
  const resources = resourcesOf(graph).map(({ objectId }) => objectId);
  const again = `$exists($filter(${jsonataStrings(resources)}, function($id) { $lookup($result.objects, $id).attempts > 1 }))`;
  context.allow(new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }));
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:sfn:startExecution'),
    Arguments: { StateMachineArn: stateMachineArn, Input: jsonata(`$string($merge([{"run": $run}, ${again} ? {} : {"looks": 1}]))`) },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: 'Run: leave queue' }],
    Output: {},
    Next: 'Run: leave queue',
  };
}

function runItem(context: RunContext, attributes: Record<string, Asl>, run: string): Asl {
  const names = Object.keys(attributes);
  return {
    Resource: context.resource('aws-sdk:dynamodb:updateItem'),
    Arguments: {
      TableName: context.pipeline.runTable.tableName,
      Key: { [RUN_KEY]: { S: jsonata(run) }, [ITEM_KEY]: { S: RUN_ITEM } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    },
  };
}

function pipelineRetention(context: RunContext): number {
  return context.pipeline._defaults.retention.toSeconds();
}
