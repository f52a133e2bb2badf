/** The calls by which a run looks at what it has launched, and ends it. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmrCluster } from '../../resources/emr-cluster';
import { Asl, jsonata } from '../asl';
import { TransientResource } from '../work';
import { RunContext } from './context';
import { instanceStatements } from './ec2-permissions';
import { clusterStatements } from './emr-permissions';

export const READY_CLUSTER_STATES = ['RUNNING', 'WAITING'];

/** `id` is JSONata. */
interface Calls {
  readonly end: { readonly integration: string; readonly arguments: (id: string) => Asl };
  /** What a one-time schedule calls to end it; the input is JSONata. */
  readonly endAt: { readonly action: string; readonly input: (id: string) => string };
  readonly look: {
    readonly integration: string;
    readonly arguments: (id: string) => Asl;
    /** JSONata of its state in the answer. */
    readonly state: string;
    /** States in which it can do work. */
    readonly alive: string[];
  };
  readonly mayEnd: (context: RunContext) => PolicyStatement[];
  readonly mayLook: (context: RunContext) => PolicyStatement[];
}

const CLUSTER: Calls = {
  end: { integration: 'elasticmapreduce:terminateCluster', arguments: (id) => ({ ClusterId: jsonata(id) }) },
  endAt: { action: 'emr:terminateJobFlows', input: (id) => `{"JobFlowIds": [${id}]}` },
  look: {
    integration: 'aws-sdk:emr:describeCluster',
    arguments: (id) => ({ ClusterId: jsonata(id) }),
    state: '$states.result.Cluster.Status.State & ""',
    alive: READY_CLUSTER_STATES,
  },
  mayEnd: (context) => clusterStatements(context, 'TerminateJobFlows'),
  mayLook: (context) => clusterStatements(context, 'DescribeCluster'),
};

const INSTANCE: Calls = {
  end: { integration: 'aws-sdk:ec2:terminateInstances', arguments: (id) => ({ InstanceIds: [jsonata(id)] }) },
  endAt: { action: 'ec2:terminateInstances', input: (id) => `{"InstanceIds": [${id}]}` },
  look: {
    integration: 'aws-sdk:ec2:describeInstances',
    arguments: (id) => ({ InstanceIds: [jsonata(id)] }),
    state: '$states.result.Reservations[0].Instances[0].State.Name & ""',
    alive: ['running'],
  },
  mayEnd: (context) => [instanceStatements(context.pipeline, 'TerminateInstances')],
  mayLook: () => [new PolicyStatement({ actions: ['ec2:DescribeInstances'], resources: ['*'] })], // has no resource types
};

export function callsOf(resource: TransientResource): Calls {
  return resource instanceof EmrCluster ? CLUSTER : INSTANCE;
}
