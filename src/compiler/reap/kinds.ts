/** The kinds of things that a run may leave behind. Their names carry the run; a rerun's, `<run>.r1`, are not the run's. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Activity } from '../../activities/activity';
import type { Pipeline } from '../../pipeline';
import { Ec2Resource } from '../../resources/ec2-resource';
import { EmrCluster } from '../../resources/emr-cluster';
import { integration, jsonata, jsonataStrings } from '../asl';
import { machineOf } from '../handed-over';
import { Graph } from '../link';
import { childPrefix, executionsOf } from '../render/child';
import { instanceStatements } from '../render/ec2-permissions';
import { ACTIVE_STATES } from '../render/emr-launch';
import { guardPrefix, schedulesOf } from '../render/guard';
import { usersOf } from '../sharing';
import { TransientResource, Work } from '../work';
import { Leftovers } from './leftovers';

const CLUSTERS = 'clusters';
const INSTANCES = 'instances';
const STATEMENTS = 'statements';
/** Of instances that have not ended and are not ending. */
export const INSTANCE_STATES = ['pending', 'running', 'stopping', 'stopped'];

/** What runs of this pipeline may leave behind. */
export function leftoversOf(pipeline: Pipeline, graph: Graph, partition: string): Leftovers[] {
  const group = pipeline._guardsIfAny?.group;
  const resources = resourcesOf(graph);
  const submits = worksOf(graph).some(({ kind }) => kind === 'redshiftData');
  return [
    ...(resources.some((each) => each instanceof EmrCluster) ? [clusters(pipeline, partition)] : []),
    ...(resources.some((each) => each instanceof Ec2Resource) ? [instances(pipeline, partition)] : []),
    ...(group === undefined ? [] : [schedules(pipeline, partition, group)]),
    ...machinesOf(graph).map((stateMachine, index): Leftovers => {
      const its = executions(stateMachine, `$machine_${index + 1}`, partition);
      return {
        ...its,
        kind: `executions_${index + 1}`,
        constants: { [`machine_${index + 1}`]: stateMachine.stateMachineArn },
        // One may submit a statement until it is stopped.
        end: { ...its.end, ...submits ? { relist: [STATEMENTS] } : {} },
      };
    }),
    ...(submits ? [{ kind: STATEMENTS, ...statements(partition) }] : []),
  ];
}

export function resourcesOf({ units }: Graph): TransientResource[] {
  return [...usersOf(units).keys()];
}

/** Machines of activities' own, and those that activities are handed over to. */
function machinesOf(graph: Graph): StateMachine[] {
  const own = worksOf(graph).flatMap((work) => work.kind === 'stateMachine' ? [work.stateMachine] : []);
  return [...own, ...new Set(graph.units.flatMap((unit) => machineOf(unit) ?? []))];
}

export function worksOf({ units }: Pick<Graph, 'units'>): Work[] {
  return units.flatMap(({ object }) => object instanceof Activity ? [object._work()] : []);
}

/** TerminateJobFlows takes ten clusters at a time. */
const AT_A_TIME = 10;
/** A page holds the texts of its statements. */
const STATEMENTS_A_PAGE = 20;

/** Clusters named `<pipeline>/<run>/...`. */
function clusters(pipeline: Pipeline, partition: string): Leftovers {
  const prefix = '$pipeline & "/" & $run & "/"';
  return {
    kind: CLUSTERS,
    list: {
      resource: integration(partition, 'aws-sdk:emr:listClusters'),
      arguments: `{"ClusterStates": ${jsonataStrings(ACTIVE_STATES)}}`,
      token: { request: 'Marker', answer: 'Marker' },
      found: `[$filter($states.result.Clusters, function($each) { $substring($each.Name, 0, $length(${prefix})) = ${prefix} }).Id]`,
    },
    end: {
      resource: integration(partition, 'aws-sdk:emr:terminateJobFlows'),
      items: (found) => `$partition(${found}, ${AT_A_TIME})`,
      arguments: { JobFlowIds: jsonata('$states.input[]') },
      relist: [CLUSTERS],
    },
    statements: [
      new PolicyStatement({ actions: ['elasticmapreduce:ListClusters'], resources: ['*'] }), // has no resource types
      new PolicyStatement({
        actions: ['elasticmapreduce:TerminateJobFlows'],
        resources: [Stack.of(pipeline).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' })],
        conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': pipeline.pipelineName } },
      }),
    ],
  };
}

/** Instances that carry the run's tag. */
function instances(pipeline: Pipeline, partition: string): Leftovers {
  const filters = '[{"Name": "tag:datapipeline:pipeline", "Values": [$pipeline]}, {"Name": "tag:datapipeline:run", "Values": [$run]}, '
    + `{"Name": "instance-state-name", "Values": ${jsonataStrings(INSTANCE_STATES)}}]`;
  return {
    kind: INSTANCES,
    list: {
      resource: integration(partition, 'aws-sdk:ec2:describeInstances'),
      arguments: `{"Filters": ${filters}}`,
      token: { request: 'NextToken', answer: 'NextToken' },
      found: '[$states.result.Reservations.Instances.InstanceId]',
    },
    end: {
      resource: integration(partition, 'aws-sdk:ec2:terminateInstances'),
      items: (found) => `$partition(${found}, ${AT_A_TIME})`,
      arguments: { InstanceIds: jsonata('$states.input[]') },
      relist: [INSTANCES],
    },
    statements: [
      new PolicyStatement({ actions: ['ec2:DescribeInstances'], resources: ['*'] }), // has no resource types
      instanceStatements(pipeline, 'TerminateInstances'),
    ],
  };
}

/** One-time schedules named `<run>.<what>`, in the pipeline's own group. */
function schedules(pipeline: Pipeline, partition: string, group: string): Leftovers {
  const prefix = guardPrefix('$run');
  return {
    kind: 'schedules',
    list: {
      resource: integration(partition, 'aws-sdk:scheduler:listSchedules'),
      arguments: `{"GroupName": $group, "NamePrefix": ${prefix}}`,
      token: { request: 'NextToken', answer: 'NextToken' },
      found: `[$filter($states.result.Schedules, function($each) { $not($contains($substringAfter($each.Name, ${prefix}), ".")) }).Name]`,
    },
    end: {
      resource: integration(partition, 'aws-sdk:scheduler:deleteSchedule'),
      items: (found) => found,
      arguments: { Name: jsonata('$states.input'), GroupName: jsonata('$group') },
      gone: ['Scheduler.ResourceNotFoundException'],
    },
    statements: [
      new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }), // has no resource types
      new PolicyStatement({ actions: ['scheduler:DeleteSchedule'], resources: [schedulesOf(pipeline, group)] }),
    ],
  };
}

type Ending = Omit<Leftovers, 'kind'>;

/** Executions of an activity's own machine, whose ARN is given as JSONata. */
export function executions(stateMachine: StateMachine, machine: string, partition: string): Ending {
  const prefix = childPrefix('$run');
  return {
    list: {
      resource: integration(partition, 'aws-sdk:sfn:listExecutions'),
      arguments: `{"StateMachineArn": ${machine}, "StatusFilter": "RUNNING"}`,
      token: { request: 'NextToken', answer: 'NextToken' },
      found: `[$filter($states.result.Executions, function($each) { $substring($each.Name, 0, $length(${prefix})) = ${prefix} }).ExecutionArn]`,
    },
    end: {
      resource: integration(partition, 'aws-sdk:sfn:stopExecution'),
      items: (found) => found,
      arguments: { ExecutionArn: jsonata('$states.input') },
      gone: ['Sfn.ExecutionDoesNotExistException'],
    },
    statements: [
      new PolicyStatement({ actions: ['states:ListExecutions'], resources: [stateMachine.stateMachineArn] }),
      new PolicyStatement({ actions: ['states:StopExecution'], resources: [executionsOf(stateMachine)] }),
    ],
  };
}

/** Statements whose names begin so, `<run>/...`, of the role that submitted them: the Data API shows them to no other. */
export function statements(partition: string, prefix = '$run & "/"'): Ending {
  return {
    list: {
      resource: integration(partition, 'aws-sdk:redshiftdata:listStatements'),
      arguments: `{"StatementName": ${prefix}, "Status": "ALL", "MaxResults": ${STATEMENTS_A_PAGE}}`,
      token: { request: 'NextToken', answer: 'NextToken' },
      found: '[$filter($states.result.Statements, function($each) { $each.Status in ["SUBMITTED", "PICKED", "STARTED"] }).Id]',
    },
    end: {
      resource: integration(partition, 'aws-sdk:redshiftdata:cancelStatement'),
      items: (found) => found,
      arguments: { Id: jsonata('$states.input') },
      gone: ['RedshiftData.ValidationException', 'RedshiftData.ResourceNotFoundException'],
    },
    statements: [new PolicyStatement({ actions: ['redshift-data:ListStatements', 'redshift-data:CancelStatement'], resources: ['*'] })], // have no resource types
  };
}
