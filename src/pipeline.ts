import * as path from 'path';
import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, CfnTable, ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { PipelineAlarms } from './alarms';
import { ASSETS } from './assets';
import { CatchUp } from './catch-up';
import { checkActions, checkActiveInstances, checkDue, checkDuration, checkRetries } from './checks';
import { review } from './compiler/compile';
import type { PipelineDefaults } from './compiler/work';
import { PipelineRole } from './contract/plan';
import { ITEM_KEY, RUN_KEY, TTL_ATTRIBUTE } from './contract/table';
import { S3Location } from './data-nodes/s3-location';
import { invalid } from './errors';
import { Fields } from './fields';
import { ParameterType } from './parameter-type';
import { OWN_ID, PIPELINE, pipelineOf } from './pipeline-of';
import { PipelineParameters } from './pipeline-parameters';
import type { EmrCluster } from './resources/emr-cluster';
import { TaskDocument } from './resources/task-document';
import { FailureAndRerunMode, LateProps, RunnableProps } from './runnable';
import { Schedule, ScheduleType } from './schedule';
import { dueTime } from './schedule-ticks';
import { ScheduledRuns } from './scheduled-runs';
import { tagOwn } from './tags';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Props of a Pipeline. Those of its objects that are left out there are taken from here. */
export interface PipelineProps extends RunnableProps, LateProps {
  /** When runs start; activities may have another schedule. */
  readonly schedule: Schedule;

  /**
   * Name of the pipeline: log folders, cluster names and tags carry it. 1 to 64 letters, digits, `-`, `_` and `.`.
   *
   * @default - made from the construct's path
   */
  readonly pipelineName?: string;

  /**
   * S3 URI of the folder for logs and results.
   *
   * @default - `logBucket`
   */
  readonly pipelineLogUri?: string;

  /**
   * Bucket for logs and results.
   *
   * @default - a new bucket, which stays when the stack is deleted
   */
  readonly logBucket?: IBucket;

  /**
   * Parameters, by name, with their defaults: expressions use them as `#{myName}`, and an activation gives values for them.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };

  /**
   * Parameters that are lists, by name, with their defaults: `#{myName}` in a prop that is a list, such as `scriptArgument` or the arguments of
   * a step, is one text for each value, as many as an activation gives. Attribute `isArray` of a parameter object.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-custom-templates.html
   */
  readonly arrayParameters?: { [name: string]: string[] };

  /**
   * Types of parameters, by name: what a default or an activation gives must be of it, and expressions reckon with numbers. Of an array
   * parameter, it is each value's.
   *
   * @default - ParameterType.STRING
   */
  readonly parameterTypes?: { [name: string]: ParameterType };

  /**
   * How long one attempt of an activity may take.
   *
   * @default - until the run's own timeout
   */
  readonly attemptTimeout?: Duration;

  /**
   * How long a run may take: 1 minute to 365 days. A run that takes longer is stopped, and what it has launched is ended.
   *
   * @default Duration.days(7)
   */
  readonly runTimeout?: Duration;

  /**
   * Topic that the pipeline's alarms notify: the Starter failed, ticks were lost, an action failed, what a run left behind could not be
   * ended, nobody takes the tasks of a worker group.
   *
   * @default - the alarms notify nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * How many runs may be at work at a time: 1 to 100. The others wait, in the order of their intervals. Reruns and backfills do not count.
   *
   * @default - 5; 1 for a pipeline on demand
   * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellcommandactivity.html
   */
  readonly maxActiveInstances?: number;

  /**
   * What becomes of intervals that the schedule has missed.
   *
   * @default CatchUp.none()
   */
  readonly catchUp?: CatchUp;
}

/**
 * A data pipeline: data nodes, activities, preconditions and resources, and a schedule that they run on.
 *
 * Objects that are created in it belong to it. Each interval of the schedule is one execution of the Run state machine.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/what-is-datapipeline.html
 */
export class Pipeline extends Construct {
  /**
   * The pipeline that a construct is created in.
   *
   * @throws if it is in none
   */
  public static of(construct: IConstruct): Pipeline {
    return pipelineOf(construct);
  }

  /** Name of the pipeline. */
  public readonly pipelineName: string;

  /** The machine that starts runs of the pipeline's own schedule. Its input is `{ scheduledTime }`, or `{ parameters? }` for a pipeline on demand, or `{ backfill }`. */
  public readonly starterStateMachine: StateMachine;

  /** The machine that is a run of the pipeline's own schedule: one execution for each interval. */
  public readonly runStateMachine: StateMachine;

  /** What the pipeline remembers: the status of each object in each run. */
  public readonly runTable: ITable;

  /** Bucket for logs and results. */
  public readonly logBucket: IBucket;

  /** Parameters with their defaults. */
  public readonly parameters: { [name: string]: string };

  /** Array parameters with their defaults. */
  public readonly arrayParameters: { [name: string]: string[] };

  /** @internal */
  public readonly _parameters: PipelineParameters;
  /** @internal */
  public readonly _defaults: PipelineDefaults;
  /** What objects leave out.
   * @internal */
  public readonly _fields: Fields;
  /** @internal */
  public readonly _logs: S3Location;
  /** @internal */
  public readonly _alarms: PipelineAlarms;
  /** Decides which intervals run.
   * @internal */
  public readonly _calendar: LambdaFunction;
  /** Answers deployments.
   * @internal */
  public readonly _lifecycle: LambdaFunction;
  /** @internal */
  public readonly _catchUp: CatchUp;
  /** The runs of the pipeline's own schedule.
   * @internal */
  public readonly _runs: ScheduledRuns;
  /** Scope of what the pipeline itself needs, apart from its objects, whose ids are the user's. */
  private readonly own: Construct;
  private document?: TaskDocument;
  private readonly checkers = new Map<IRole | undefined, LambdaFunction>();
  private watchesAll = false;
  private guards?: { group: string; role: IRole };

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    Object.defineProperty(this, PIPELINE, { value: true });
    this.validate(props);
    this.pipelineName = props.pipelineName ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.parameters = { ...props.parameters };
    this.arrayParameters = { ...props.arrayParameters };
    this._parameters = new PipelineParameters(this, props);
    this._defaults = defaultsOf(props);
    this._fields = { ...props };
    this.own = new Construct(this, OWN_ID);
    this._alarms = new PipelineAlarms(this.pipelineName, props.alarmTopic);
    this._logs = this.logLocation(props);
    this.logBucket = this._logs.bucket;
    const table = this.runTable = new Table(this.own, 'Table', {
      partitionKey: { name: RUN_KEY, type: AttributeType.STRING },
      sortKey: { name: ITEM_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    tagOwn(table.node.defaultChild as CfnTable, this, 'table');
    this._calendar = this.lambda('Calendar', 'calendar', 'calendar', 'Decides which intervals run');
    this._lifecycle = this.lambda('Lifecycle', 'lifecycle', 'lifecycle', 'Answers the deployments');
    this._catchUp = props.catchUp ?? CatchUp.none();
    this._runs = new ScheduledRuns(this, this.own, props.schedule);
    this.runStateMachine = this._runs.stateMachine;
    this.starterStateMachine = this._runs.starter;
    this.node.addValidation({ validate: () => review(this) });
  }

  /** The function that answers preconditions on AWS; made by the first that needs it.
   * @internal */
  public _preconditionChecker(role?: IRole): LambdaFunction {
    const id = `PreconditionChecker${role ? `-${Names.uniqueResourceName(role, { maxLength: 40 })}` : ''}`;
    const made = this.checkers.get(role) ?? this.lambda(id, 'precondition-checker', 'checker', 'Checks the preconditions', role);
    this.checkers.set(role, made);
    return made;
  }

  /** Hands tasks to instances; made by the first Ec2Resource.
   * @internal */
  public _taskDocument(): TaskDocument {
    return this.document ??= new TaskDocument(this.own, 'TaskDocument');
  }

  /** Has the pipeline look whether objects are late: in the runs of one schedule, or in all, those of schedules to come included.
   * @internal */
  public _lateWatch(runs?: ScheduledRuns): void {
    this.watchesAll ||= runs === undefined;
    for (const each of runs ? [runs] : this._allRuns) each.lateWatch();
  }

  /** The runs of all its schedules, its own first.
   * @internal */
  public get _allRuns(): ScheduledRuns[] {
    return this.own.node.children.filter((child) => child instanceof ScheduledRuns);
  }

  /** The runs that an activity of this schedule is in; made with the first.
   * @internal */
  public _runsOf(activity: Construct, schedule: Schedule = this._runs.schedule): ScheduledRuns {
    const known = this._allRuns.find((runs) => runs.schedule._equals(schedule));
    if (known) return known;
    this.checkSchedule(activity, schedule);
    const runs = new ScheduledRuns(this, this.own, schedule, schedule._name);
    if (this.watchesAll) runs.lateWatch();
    return runs;
  }

  private checkSchedule(activity: Construct, schedule: Schedule): void {
    if ([schedule, this._runs.schedule].some(({ scheduleType }) => scheduleType === ScheduleType.ONDEMAND)) {
      throw invalid(activity, 'schedule', 'a pipeline on demand has no other schedule, and other pipelines have none on demand; '
        + `got: ${schedule.scheduleType}, in a pipeline of type ${this._runs.schedule.scheduleType}; leave it out, or make a pipeline of its own`);
    }
    const namesake = this._allRuns.find(({ scheduleName }) => scheduleName === schedule._name);
    if (namesake) {
      throw invalid(activity, 'schedule', `another schedule of ${this.node.path}, with other times, is called ${schedule._name} already; give this one another scheduleName`);
    }
  }

  /** The machine that does the steps of the activities on a cluster with many.
   * @internal */
  public _activityMachine(cluster: EmrCluster): StateMachine {
    return this._runs.activityMachine(cluster);
  }

  /** @internal */
  public get _guardsIfAny(): { group: string; role: IRole } | undefined {
    return this.guards;
  }

  /** Where launches leave one-time schedules behind that end them, which may do so; made by the first resource with `terminateAfter`.
   * @internal */
  public _guards(mayEnd?: PolicyStatement): { group: string; role: IRole } {
    this.guards ??= this.newGuards();
    if (mayEnd) this.guards.role.addToPrincipalPolicy(mayEnd);
    return this.guards;
  }

  private newGuards(): { group: string; role: IRole } {
    const group = new CfnScheduleGroup(this.own, 'Guards').ref;
    const role = new Role(this.own, 'GuardRole', {
      description: `Ends what ${this.pipelineName} has launched at its terminateAfter`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    return { group, role };
  }

  private lambda(id: string, folder: string, role: PipelineRole, does: string, executionRole?: IRole): LambdaFunction {
    const made = new LambdaFunction(this.own, id, {
      description: `${does} of ${this.pipelineName}`,
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(path.join(ASSETS, 'lambda', folder)),
      timeout: Duration.minutes(1),
      memorySize: 256,
      role: executionRole,
      logGroup: new LogGroup(this.own, `${id}Log`, { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
    });
    tagOwn(made.node.defaultChild as CfnFunction, this, role);
    return made;
  }

  private logLocation({ pipelineLogUri, logBucket }: PipelineProps): S3Location {
    const root = pipelineLogUri === undefined
      ? S3Location.of(this, 'logBucket', '', logBucket ?? this.newLogBucket())
      : S3Location.of(this, 'pipelineLogUri', pipelineLogUri.endsWith('/') ? pipelineLogUri : `${pipelineLogUri}/`);
    return root.child(`${this.pipelineName}/`);
  }

  private newLogBucket(): IBucket {
    return new Bucket(this.own, 'Logs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private validate(props: PipelineProps): void {
    if (!props.schedule) throw invalid(this, 'schedule', 'is missing; give Schedule.rate, Schedule.cron or Schedule.onDemand');
    checkRetries(this, props);
    checkActions(this, props);
    checkDuration(this, 'lateAfterTimeout', props.lateAfterTimeout, 1);
    checkDue(this, props, dueTime(props.schedule._timing));
    checkDuration(this, 'attemptTimeout', props.attemptTimeout, 1);
    checkDuration(this, 'runTimeout', props.runTimeout, 60);
    checkActiveInstances(this, props.maxActiveInstances);
    if (props.runTimeout && props.runTimeout.toDays({ integral: false }) > 365) {
      throw invalid(this, 'runTimeout', `is at most 365 days, the longest that an execution lives; got: ${props.runTimeout.toHumanString()}`);
    }
    if (props.pipelineName !== undefined && !NAME.test(props.pipelineName)) {
      throw invalid(this, 'pipelineName', `is 1 to 64 letters, digits, "-", "_" and ".", the first a letter or digit; got: "${props.pipelineName}"`);
    }
    if (props.pipelineLogUri !== undefined && props.logBucket) {
      throw invalid(this, 'pipelineLogUri', `got: "${props.pipelineLogUri}" and logBucket; give one of the two`);
    }
    if (props.pipelineLogUri?.includes('#{')) {
      throw invalid(this, 'pipelineLogUri', `takes no expressions; got: "${props.pipelineLogUri}"; leave out #{...}`);
    }
  }
}

function defaultsOf(props: PipelineProps): PipelineDefaults {
  const runTimeout = props.runTimeout ?? Duration.days(7);
  return {
    defaults: {
      maximumRetries: props.maximumRetries ?? 3,
      retryDelay: props.retryDelay ?? Duration.minutes(10),
      attemptTimeout: props.attemptTimeout,
      failureAndRerunMode: props.failureAndRerunMode ?? FailureAndRerunMode.NONE,
      onFail: props.onFail ?? [],
      onSuccess: props.onSuccess ?? [],
      lateAfterTimeout: props.lateAfterTimeout,
      onLateAction: props.onLateAction ?? [],
    },
    maxActiveInstances: props.maxActiveInstances ?? (props.schedule.scheduleType === ScheduleType.ONDEMAND ? 1 : 5),
    runTimeout,
    retention: Duration.days(Math.ceil(runTimeout.toDays({ integral: false })) + 90),
  };
}
