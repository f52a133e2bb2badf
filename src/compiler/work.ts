/**
 * What objects ask of the compiler, as plain data: constructs say it, the compiler renders it.
 */
import { Duration } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Action } from '../actions/action';
import type { CheckRequest } from '../contract/checker';
import type { CommonTask, TaskRunnerTask } from '../contract/task';
import type { PreconditionProps } from '../preconditions/precondition';
import type { Ec2Resource } from '../resources/ec2-resource';
import type { EmrCluster } from '../resources/emr-cluster';
import type { RunJobFlow } from '../resources/emr-cluster-request';
import type { ActionOnResourceFailure, ActionOnTaskFailure } from '../resources/resource-failure';
import type { ITaskRunnerHost } from '../resources/task-runner-host';
import type { FailureAndRerunMode } from '../runnable';
import type { Split, StepArgument } from './step-argument';
import { Text } from './text';

/** A value with what becomes a text in place of its strings. */
export type Template<Value> = Value extends string ? Value | (string extends Value ? StepArgument : never)
  : Value extends ReadonlyArray<infer Item> ? ReadonlyArray<Template<Item>>
    : { readonly [Field in keyof Value]: Template<Value[Field]> };

/** What a task has of its own kind: the rest of it the run knows. */
export type TaskTemplate<Task extends CommonTask = TaskRunnerTask> = Task extends CommonTask ? Template<Omit<Task, Exclude<keyof CommonTask, 'kind'>>> : never;

/** A task for Task Runner. */
export interface TaskRunnerWork {
  readonly kind: 'taskRunner';
  readonly host: ITaskRunnerHost;
  readonly task: TaskTemplate;
  readonly reportProgressTimeout: Duration;
}

/** An argument that is a task for Task Runner, as the script expects it that runs Task Runner on the primary node. */
export type TaskArgument = Pick<TaskRunnerWork, 'task' | 'reportProgressTimeout'>;

/** One step, on a cluster or a host. */
export interface StepWork {
  readonly name: string;
  readonly jar: Text | Split;
  readonly mainClass?: string;
  readonly args: StepArgument[];
  readonly properties: { readonly [name: string]: Text };
}

/** One that has no name yet. */
export type Step = (name: string) => StepWork;

/** One that may be Task Runner's, for a task. */
export interface EmrStepWork extends Omit<StepWork, 'args'> {
  readonly args: Array<StepArgument | TaskArgument>;
}

/** Steps on a transient cluster, one after the other. */
export interface EmrWork {
  readonly kind: 'emrSteps';
  readonly cluster: EmrCluster;
  readonly steps: EmrStepWork[];
}

/** Statements that run as one transaction through the Redshift Data API. */
export interface RedshiftWork {
  readonly kind: 'redshiftData';
  readonly target: RedshiftTarget;
  /** Each a list of pieces: text that stands as it is, and values that become SQL string literals. */
  readonly statements: SqlPiece[][];
  readonly permissions: PolicyStatement[];
}

/** Text that stands as it is, a value as a text with its quotes, or one within a text. */
export type SqlPiece = string | { readonly literal: Text } | { readonly within: Text };

/** A data node as an execution is told of it. */
export interface NamedNode {
  readonly object: string;
  /** Of those in S3. */
  readonly uri?: Text;
}

/** States of the user's own, each attempt an execution of their machine. */
export interface MachineWork {
  readonly kind: 'stateMachine';
  readonly stateMachine: StateMachine;
  readonly inputs: NamedNode[];
  readonly outputs: NamedNode[];
}

export type Work = TaskRunnerWork | EmrWork | RedshiftWork | MachineWork;

/** How a precondition is checked. */
export type Check =
  | { readonly kind: 'function'; readonly check: CheckRequest['kind']; readonly texts: { readonly [field: string]: Text }; readonly role?: IRole }
  | TaskRunnerWork
  | EmrWork;

/** What a data node says of the checks of its preconditions. */
export interface CheckProps
  extends Pick<PreconditionProps, 'failureAndRerunMode' | 'maximumRetries' | 'retryDelay' | 'attemptTimeout' | 'reportProgressTimeout'> {
  readonly runsOn?: ITaskRunnerHost;
}

/** The field of an object that names the action. */
export type ActionEvent = 'onSuccess' | 'onFail' | 'onLateAction';

/** What an action asks of the run: one call, made when an object has settled or is late. */
export interface ActionCall {
  readonly resource: string;
  /** Arguments; strings are templates with `#{...}`, seen from the object that the action belongs to. */
  readonly arguments: { readonly [name: string]: string };
  /** Names of the arguments that lose newlines and what lies beyond this many characters. */
  readonly oneLine: { readonly [name: string]: number };
  readonly statements: PolicyStatement[];
  /** With which the call is made, if not the state machine's own. */
  readonly role?: IRole;
}

/** What a run launches, shares among its activities, and ends. */
export type TransientResource = EmrCluster | Ec2Resource;

/** What a run needs to know of the life of a transient resource. */
export interface ResourceLife {
  readonly terminateAfter?: Duration;
  readonly initTimeout: Duration;
  readonly actionOnTaskFailure: ActionOnTaskFailure;
  /** Left out: what is unfinished runs on another. */
  readonly actionOnResourceFailure?: ActionOnResourceFailure;
  /** Whether the last launch is without Spot Instances. */
  readonly onDemandAtLast: boolean;
}

/** What a run needs to launch the instance. */
export interface Ec2Launch extends ResourceLife {
  /** Fields of RunInstances, strings with `#{...}` in it, but for those that the run itself decides on. */
  readonly request: { readonly [field: string]: unknown };
  /** Shell script, with `#{...}` and tokens in it. */
  readonly userData: string;
  /** With which it is launched, if not the state machine's own. */
  readonly launchRole?: IRole;
  /** Of a Spot Instance. */
  readonly market?: { readonly [field: string]: unknown };
  readonly instanceRole: IRole;
  /** ARNs of what the request names. */
  readonly launchedWith: string[];
  /** Name of the public parameter with the id of its image. */
  readonly imageParameter?: string;
  /** The SSM document that hands a task to Task Runner on it. */
  readonly document: string;
  readonly documentArn: string;
  readonly user: string;
}

/** What a run needs to launch the cluster, as the compiler reads it. */
export interface EmrLaunch extends ResourceLife {
  /** What its props say of the request, strings with `#{...}` in it. */
  readonly request: RunJobFlow;
  readonly serviceRole: IRole;
  readonly instanceRole: IRole;
  readonly instanceProfile: string;
  /** How many steps run at a time. */
  readonly taskConcurrency: number;
}

/** Where the Redshift Data API finds a database. */
export interface RedshiftTarget {
  readonly Database: string;
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

/** The pipeline's props with their defaults, as its objects and the compiler read them. */
export interface PipelineDefaults {
  readonly defaults: {
    readonly maximumRetries: number;
    readonly retryDelay: Duration;
    readonly attemptTimeout?: Duration;
    readonly failureAndRerunMode: FailureAndRerunMode;
    readonly onFail: Action[];
    readonly onSuccess: Action[];
    readonly lateAfterTimeout?: Duration;
    readonly onLateAction: Action[];
  };
  readonly runTimeout: Duration;
  /** How many runs may be at work at a time, but for activities that say less. */
  readonly maxActiveInstances: number;
  /** How long the Run table remembers a run: beyond the end of the longest. */
  readonly retention: Duration;
}
