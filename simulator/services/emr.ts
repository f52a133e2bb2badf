import { Clock } from '../clock';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../task';
import { ClusterRequest, EmrCluster, Launch } from './emr-cluster';
import { ActionOnFailure, EmrStep, HadoopJarStep, StepRunner, TimeFormat } from './emr-step';
import { argumentsOf, Fields, fields, optionalFields, optionalNumber, optionalText, optionalTexts, text, unusable } from './fields';
import { optimizedFailure, optimizedResult, sdkFailure } from './integration';

export interface EmrOptions {
  readonly runner: StepRunner;
  /** How the launch of a cluster goes; by default it is ready after 5 minutes and gone 1 minute after its termination. */
  readonly launch?: (request: ClusterRequest) => Partial<Launch>;
}

const LAUNCH: Launch = { startup: 5 * 60_000, shutdown: 60_000 };
const PAGE = 50;

/** What DescribeCluster repeats of the request as it was. */
const DESCRIBED = ['Tags', 'ReleaseLabel', 'Applications', 'Configurations', 'ServiceRole', 'SecurityConfiguration', 'AutoScalingRole', 'VisibleToAllUsers'];

/** The optimized integration writes times as numbers, the SDK one as text. */
const asNumber: TimeFormat = milliseconds => milliseconds;
const asText: TimeFormat = milliseconds => new Date(milliseconds).toISOString();

/** EMR on EC2: clusters that start, run steps and end as the clock tells them to. */
export class Emr {
  /** In the order of their creation. */
  public readonly clusters: EmrCluster[] = [];
  private readonly byId = new Map<string, EmrCluster>();
  /** Those that have not ended, and some that have. */
  private living: EmrCluster[] = [];
  private stepCount = 0;

  constructor(private readonly options: EmrOptions) {}

  public handlers(): Record<string, TaskHandler> {
    const optimized = (action: string, call: (request: TaskRequest, args: Fields) => Promise<Fields>): [string, TaskHandler] =>
      [`elasticmapreduce:${action}`, async request => optimizedResult(await call(request, argumentsOf(request)))];
    const sdk = (action: string, call: (args: Fields) => Json): [string, TaskHandler] =>
      [`aws-sdk:emr:${action}`, async request => call(argumentsOf(request))];
    return Object.fromEntries([
      optimized('createCluster', (request, args) => this.createCluster(request, args)),
      optimized('addStep', (request, args) => this.addStep(request, args)),
      optimized('terminateCluster', (request, args) => this.terminateCluster(request, args)),
      optimized('cancelStep', async (_, args) => this.cancelStep(args)),
      sdk('listClusters', args => this.listClusters(args)),
      sdk('describeCluster', args => ({ Cluster: this.described(args).describe(asText) })),
      sdk('listSteps', args => this.listSteps(args)),
      sdk('describeStep', args => this.describeStep(args)),
      sdk('terminateJobFlows', args => this.terminateJobFlows(args)),
    ]);
  }

  public cluster(id: string): EmrCluster | undefined {
    return this.byId.get(id);
  }

  private async createCluster(request: TaskRequest, args: Fields): Promise<Fields> {
    const cluster = await this.launch(clusterRequest(args), request);
    if (request.pattern !== 'sync') return { ClusterId: cluster.id, ClusterArn: cluster.arn };
    await cluster.until(() => cluster.state === 'WAITING' || cluster.ended, request.signal);
    const description = { Cluster: cluster.describe(asNumber), ClusterId: cluster.id };
    if (cluster.ended) throw new TaskFailure('States.TaskFailed', JSON.stringify(description));
    return description;
  }

  private async launch(cluster: ClusterRequest, { clock }: TaskRequest): Promise<EmrCluster> {
    const launch = { ...LAUNCH, ...this.options.launch?.(cluster) };
    if (launch.surfacing === undefined) return this.begin(cluster, launch, clock);
    void clock.sleep(launch.surfacing).then(() => this.begin(cluster, launch, clock));
    throw optimizedFailure('EMR.AmazonElasticMapReduceException', 'AmazonElasticMapReduce', 'InternalServerError', 'Service unavailable', 500);
  }

  private begin(cluster: ClusterRequest, launch: Launch, clock: Clock): EmrCluster {
    const id = `j-${serial(this.clusters.length + 1)}`;
    const arn = `arn:aws:elasticmapreduce:us-east-1:123456789012:cluster/${id}`;
    const launched = new EmrCluster(id, arn, cluster, launch, this.options.runner, clock);
    this.clusters.push(launched);
    this.living.push(launched);
    this.byId.set(id, launched);
    return launched;
  }

  private async addStep({ pattern, signal }: TaskRequest, args: Fields): Promise<Fields> {
    const cluster = this.addressed(text(args, 'ClusterId'));
    const step = this.submit(cluster, fields(args, 'Step'));
    if (pattern !== 'sync') return { StepId: step.id };
    // A task that is stopped or times out takes its step with it.
    signal.addEventListener('abort', () => cluster.cancelStep(step));
    await cluster.until(() => step.ended, signal);
    const description = { Step: step.describe(asNumber) };
    if (step.state !== 'COMPLETED') throw new TaskFailure('States.TaskFailed', JSON.stringify(description));
    return description;
  }

  private submit(cluster: EmrCluster, args: Fields): EmrStep {
    const jarStep = fields(args, 'HadoopJarStep');
    text(jarStep, 'Jar');
    optionalTexts(jarStep, 'Args');
    const actionOnFailure = (optionalText(args, 'ActionOnFailure') ?? 'CONTINUE') as ActionOnFailure;
    if (!cluster.alive) throw invalid('A job flow that is shutting down, terminated, or finished may not be modified.');
    if (cluster.request.stepConcurrencyLevel > 1 && actionOnFailure !== 'CONTINUE') {
      throw invalid(`ActionOnFailure ${actionOnFailure} is not valid for a cluster whose StepConcurrencyLevel is greater than 1.`);
    }
    return cluster.addStep(`s-${serial(++this.stepCount)}`, text(args, 'Name'), actionOnFailure, jarStep as unknown as HadoopJarStep);
  }

  private async terminateCluster({ pattern, signal }: TaskRequest, args: Fields): Promise<Fields> {
    const cluster = this.addressed(text(args, 'ClusterId'));
    if (cluster.request.terminationProtected) throw invalid(PROTECTED);
    cluster.terminate(USER_REQUEST);
    if (pattern !== 'sync') return {};
    await cluster.until(() => cluster.ended, signal);
    return { Cluster: cluster.describe(asNumber), ClusterId: cluster.id };
  }

  private cancelStep(args: Fields): Fields {
    const cluster = this.addressed(text(args, 'ClusterId'));
    const stepId = text(args, 'StepId');
    const step = cluster.steps.find(({ id }) => id === stepId);
    if (!step) throw invalid(`Step id '${stepId}' is not valid.`);
    if (step.ended) return { CancelStepsInfo: { StepId: stepId, Status: 'FAILED', Reason: `Step is in ${step.state} state and can not be cancelled.` } };
    cluster.cancelStep(step);
    return { CancelStepsInfo: { StepId: stepId, Status: 'SUBMITTED' } };
  }

  private listClusters(args: Fields): Json {
    const states = optionalTexts(args, 'ClusterStates');
    const [after, before] = [bound(args, 'CreatedAfter', -Infinity), bound(args, 'CreatedBefore', Infinity)];
    const inState = ({ state }: EmrCluster) => states === undefined || states.includes(state);
    const listed = (cluster: EmrCluster) => inState(cluster) && cluster.createdAt >= after && cluster.createdAt <= before;
    // A run asks for its own time or for those that live, of very many.
    if (this.living.some(({ ended }) => ended)) this.living = this.living.filter(({ ended }) => !ended);
    const among = states?.every(state => !state.startsWith('TERMINATED')) ? this.living : this.since(after);
    return page('Clusters', among.filter(listed).reverse(), args, cluster => cluster.summarize(asText));
  }

  private since(after: number): EmrCluster[] {
    let first = this.clusters.length;
    while (first > 0 && this.clusters[first - 1].createdAt >= after) first--;
    return this.clusters.slice(first);
  }

  private listSteps(args: Fields): Json {
    const [states, ids] = [optionalTexts(args, 'StepStates'), optionalTexts(args, 'StepIds')];
    const found = this.described(args).steps
      .filter(({ state }) => states === undefined || states.includes(state))
      .filter(({ id }) => ids === undefined || ids.includes(id))
      .reverse();
    return page('Steps', found, args, step => step.describe(asText));
  }

  private describeStep(args: Fields): Json {
    const stepId = text(args, 'StepId');
    const step = this.described(args).steps.find(({ id }) => id === stepId);
    if (!step) throw sdkFailure('Emr', 'InvalidRequestException', `Step id '${stepId}' is not valid.`);
    return { Step: step.describe(asText) };
  }

  /** All of them, or none where one of them cannot be. */
  private terminateJobFlows(args: Fields): Json {
    const ids = optionalTexts(args, 'JobFlowIds') ?? unusable(args, "The field 'JobFlowIds' is required but was missing");
    const named = ids.map(id => this.cluster(id));
    if (named.some(cluster => !cluster)) throw sdkFailure('Emr', 'EmrException', NO_SUCH_JOB_FLOW);
    if (named.some(cluster => cluster?.request.terminationProtected)) throw sdkFailure('Emr', 'EmrException', PROTECTED);
    for (const cluster of named) cluster?.terminate(USER_REQUEST);
    return {};
  }

  /** The cluster that an optimized call is about. */
  private addressed(id: string): EmrCluster {
    const cluster = this.cluster(id);
    if (!cluster) throw invalid(NO_SUCH_JOB_FLOW);
    return cluster;
  }

  /** The cluster that an SDK call asks about. */
  private described(args: Fields): EmrCluster {
    const id = text(args, 'ClusterId');
    const cluster = this.cluster(id);
    if (!cluster) throw sdkFailure('Emr', 'InvalidRequestException', `Cluster id '${id}' is not valid.`);
    return cluster;
  }
}

const USER_REQUEST = { code: 'USER_REQUEST', message: 'Terminated by user request' } as const;
const NO_SUCH_JOB_FLOW = 'Specified job flow ID does not exist.';
const PROTECTED = 'Could not shut down one or more job flows since they are termination protected.';

function clusterRequest(args: Fields): ClusterRequest {
  const instances = fields(args, 'Instances');
  if (instances.KeepJobFlowAliveWhenNoSteps !== true) unusable(args, "The field 'KeepJobFlowAliveWhenNoSteps' is required and must be true");
  if (args.Steps !== undefined) unusable(args, "The field 'Steps' is not supported by Step Functions");
  const described = DESCRIBED.filter(name => args[name] !== undefined).map(name => [name, args[name]]);
  return {
    name: text(args, 'Name'),
    logUri: optionalText(args, 'LogUri'),
    stepConcurrencyLevel: optionalNumber(args, 'StepConcurrencyLevel') ?? 1,
    idleTimeout: optionalNumber(optionalFields(args, 'AutoTerminationPolicy') ?? {}, 'IdleTimeout'),
    terminationProtected: instances.TerminationProtected === true,
    described: { Tags: [], ...Object.fromEntries(described) },
  };
}

/** What EMR calls ValidationException is not in its model, so that the first SDK gives it the service's own class. */
function invalid(message: string): TaskFailure {
  return optimizedFailure('EMR.AmazonElasticMapReduceException', 'AmazonElasticMapReduce', 'ValidationException', message);
}

function page<T>(name: string, all: readonly T[], args: Fields, describe: (item: T) => Json): Json {
  const from = Number(optionalText(args, 'Marker') ?? 0);
  const next = from + PAGE;
  return { [name]: all.slice(from, next).map(describe), ...(next < all.length ? { Marker: String(next) } : {}) };
}

function bound(args: Fields, name: string, otherwise: number): number {
  const given = optionalText(args, name);
  return given === undefined ? otherwise : Date.parse(given);
}

function serial(count: number): string {
  return count.toString(36).toUpperCase().padStart(13, '0');
}
