import * as path from 'path';
import { CustomResource, Duration, ITaggable, Lazy, Names, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { AttributeType, BillingMode, CfnTable, ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { CfnPolicy, IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnScheduleGroup, ContextAttribute, Schedule as SchedulerSchedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine, DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { PipelineAlarms } from './alarms';
import { CatchUp } from './catch-up';
import { checkActions, checkActiveInstances, checkDue, checkDuration, checkRetries } from './checks';
import { Machine } from './compiler/asl';
import { compile, compileLate, maxActiveInstances, problems } from './compiler/compile';
import { excess } from './compiler/limits';
import { renderReaper } from './compiler/reaper';
import { renderStarter } from './compiler/starter';
import { renderTeardown, RUNS } from './compiler/teardown';
import type { PipelineDefaults } from './compiler/work';
import { PIPELINE_TAG, PLAN_METADATA, PipelineRole, ROLE_TAG } from './contract/plan';
import { ITEM_KEY, RUN_KEY, TTL_ATTRIBUTE } from './contract/table';
import { S3Location } from './data-nodes/s3-location';
import { invalid } from './errors';
import { MachineDefinition } from './machine-definition';
import { OWN_ID, PIPELINE, pipelineOf } from './pipeline-of';
import { FailureAndRerunMode, LateProps, RunnableProps } from './runnable';
import { Schedule, ScheduleType } from './schedule';
import { tickExpression } from './schedule-ticks';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** Ids of what only the schedule needs. */
const TICKS = ['Schedule', 'ScheduleRole', 'LostTicks', 'TicksLost'];
const PARAMETER = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Props of a Pipeline. Those of its objects that are left out there are taken from here. */
export interface PipelineProps extends RunnableProps, LateProps {
  /** When runs start. */
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
   * Topic that the pipeline's alarms notify: the Starter failed, ticks were lost, what a run left behind could not be ended, nobody takes
   * the tasks of a worker group.
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

  /** The machine that starts runs. Its input is `{ scheduledTime }`, or `{ parameters? }` for a pipeline on demand, or `{ backfill }`. */
  public readonly starterStateMachine: StateMachine;

  /** The machine that is a run: one execution for each interval. */
  public readonly runStateMachine: StateMachine;

  /** What the pipeline remembers: the status of each object in each run. */
  public readonly runTable: ITable;

  /** Bucket for logs and results. */
  public readonly logBucket: IBucket;

  /** Parameters with their defaults. */
  public readonly parameters: { [name: string]: string };

  /** @internal */
  public readonly _defaults: PipelineDefaults;
  /** @internal */
  public readonly _logs: S3Location;
  /** @internal */
  public readonly _alarms: PipelineAlarms;
  /** The machine that ends what runs leave behind.
   * @internal */
  public readonly _reaper: StateMachine;
  /** Scope of what the pipeline itself needs, apart from its objects, whose ids are the user's. */
  private readonly own: Construct;
  private runEnded!: Rule;
  private checker?: LambdaFunction;
  private late?: StateMachine;
  private guards?: { group: string; role: IRole };

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    Object.defineProperty(this, PIPELINE, { value: true });
    this.validate(props);
    this.pipelineName = props.pipelineName ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.parameters = { ...props.parameters };
    this._defaults = defaultsOf(props);
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
    this.tag(table.node.defaultChild as CfnTable, 'table');
    this.runStateMachine = this.machine('Run', () => compile(this));
    this._reaper = this.endsRuns();
    this.starterStateMachine = this.starter(props.schedule, props.catchUp ?? CatchUp.none());
    this._alarms.machineFails(this.own, 'StarterFails', this.starterStateMachine, 'a tick or an activation could not start its run');
    this._alarms.machineFails(this.own, 'ReaperFails', this._reaper, 'what a run has left behind could not be ended, and may cost money');
    this.endsWithItsStack();
    this.node.addValidation({ validate: () => problems(this) });
  }

  /** The function that answers preconditions on AWS; made by the first that needs it.
   * @internal */
  public _preconditionChecker(): LambdaFunction {
    return this.checker ??= this.lambda('PreconditionChecker', 'precondition-checker', 'checker', 'Checks the preconditions');
  }

  /**
   * The Data API of Redshift shows statements to the role that submitted them only, so that the reaper has the role of the runs. But
   * for listing, they may do all that it does.
   */
  private endsRuns(): StateMachine {
    const partition = Stack.of(this).partition;
    const reaper = this.machine('Reaper', () => renderReaper(this, partition), this.runStateMachine.role);
    this.runEnded = new Rule(this.own, 'RunEnded', {
      description: `Runs of ${this.pipelineName} that ended without settling`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.runStateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new SfnStateMachine(reaper, {
        input: RuleTargetInput.fromObject({ run: EventField.fromPath('$.detail.name'), status: EventField.fromPath('$.detail.status') }),
      })],
    });
    return reaper;
  }

  /** The machine that looks at the late times of a run which objects are late; made by the first with `onLateAction`.
   * @internal */
  public _lateWatch(): StateMachine {
    return this.late ??= this.machine('Late', () => compileLate(this));
  }

  /** @internal */
  public get _lateWatchIfAny(): StateMachine | undefined {
    return this.late;
  }

  /** @internal */
  public get _guardsIfAny(): { group: string; role: IRole } | undefined {
    return this.guards;
  }

  /** Where launches leave one-time schedules behind that end them; made by the first resource with `terminateAfter`.
   * @internal */
  public _guards(): { group: string; role: IRole } {
    if (this.guards) return this.guards;
    const group = new CfnScheduleGroup(this.own, 'Guards').ref;
    const role = new Role(this.own, 'GuardRole', {
      description: `Ends clusters of ${this.pipelineName} at their terminateAfter`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    role.addToPolicy(new PolicyStatement({
      actions: ['elasticmapreduce:TerminateJobFlows'],
      resources: [Stack.of(this).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' })],
      conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': this.pipelineName } },
    }));
    return this.guards = { group, role };
  }

  /**
   * A resource that takes its time to be deleted: no new runs begin, those at work are stopped, and what they launched is gone before
   * anything goes that they, or their end, need. The schedule goes first, and everything else last.
   */
  private endsWithItsStack(): void {
    const lifecycle = this.lambda('Lifecycle', 'lifecycle', 'lifecycle', 'Answers the deployments');
    const teardown = this.machine('Teardown', () => renderTeardown({
      pipeline: this,
      partition: Stack.of(this).partition,
      machines: {
        starters: this.starterStateMachine,
        ...(this.late ? { watches: this.late } : {}),
        [RUNS]: this.runStateMachine,
      },
      reaperArn: this._reaper.stateMachineArn,
      lifecycleArn: lifecycle.functionArn,
    }));
    // Not the function's own policy, which it would wait for: the machine calls the function.
    const policy = new CfnPolicy(this.own, 'LifecyclePolicy', {
      policyName: 'LifecyclePolicy',
      roles: [lifecycle.role!.roleName],
      policyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [this.runTable.tableArn] }),
          new PolicyStatement({ actions: ['states:StartExecution'], resources: [teardown.stateMachineArn] }),
        ],
      }),
    });
    const end = new CustomResource(this.own, 'End', {
      resourceType: 'Custom::DataPipeline',
      serviceToken: lifecycle.functionArn,
      serviceTimeout: Duration.hours(1),
      properties: { TeardownArn: teardown.stateMachineArn, TableName: this.runTable.tableName },
    });
    end.node.addDependency(policy, this.allBut(end, ...TICKS));
    this.own.node.tryFindChild('Schedule')?.node.addDependency(end);
  }

  /** Everything in the pipeline, objects that are yet to come included. */
  private allBut(self: Construct, ...ids: string[]): IDependable {
    const objects = () => this.node.children.filter((child) => child !== this.own);
    const own = () => this.own.node.children.filter((child) => child !== self && !ids.includes(child.node.id));
    const all: IDependable = {};
    const roots = () => [...objects(), ...own()];
    Dependable.implement(all, { get dependencyRoots() { return roots(); } });
    return all;
  }

  private starter({ _timing: timing }: Schedule, catchUp: CatchUp): StateMachine {
    const calendar = this.lambda('Calendar', 'calendar', 'calendar', 'Decides which intervals run');
    const { partition } = Stack.of(this);
    const starter = this.machine('Starter', () => renderStarter({
      pipeline: this,
      partition,
      timing,
      runArn: this.runStateMachine.stateMachineArn,
      calendar,
      maxActiveInstances: maxActiveInstances(this),
      catchUp: catchUp._count,
    }));
    // Not in the policies that the machines wait for: the Starter names the runs' machine, and these name the Starter.
    new CfnPolicy(this.own, 'StartNext', {
      policyName: 'StartNext',
      roles: [this.runStateMachine.role.roleName, starter.role.roleName],
      policyDocument: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [starter.stateMachineArn] })] }),
    });
    this.runEnded.addTarget(new SfnStateMachine(starter, { input: RuleTargetInput.fromObject({ ended: EventField.fromPath('$.detail.name') }) }));
    if (timing.kind !== 'onDemand') this.tick(starter, tickExpression(timing));
    return starter;
  }

  /** No start date: Scheduler refuses one in the past, and the stack must deploy again next year. The Starter knows the range. */
  private tick(starter: StateMachine, tick: { expression: string; timeZone: string }): void {
    const role = new Role(this.own, 'ScheduleRole', {
      description: `Ticks of ${this.pipelineName}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const lost = new Queue(this.own, 'LostTicks', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    this._alarms.queueHolds(this.own, 'TicksLost', lost);
    new SchedulerSchedule(this.own, 'Schedule', {
      description: `Ticks of ${this.pipelineName}`,
      schedule: ScheduleExpression.expression(tick.expression, TimeZone.of(tick.timeZone)),
      target: new StepFunctionsStartExecution(starter, {
        role,
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        deadLetterQueue: lost,
        maxEventAge: Duration.hours(24),
      }),
    });
  }

  /** A machine whose definition and permissions are known when all its objects are: rendered once, at synth. */
  private machine(id: string, render: () => Machine, ownRole?: IRole): StateMachine {
    const scope = new Construct(this.own, id);
    let rendered: Machine | undefined;
    const machine = () => rendered ??= render();
    const role = ownRole ?? new Role(scope, 'Role', {
      description: `${id} state machine of ${this.pipelineName}`,
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const policy = new CfnPolicy(scope, 'Policy', {
      policyName: `${id}Policy`,
      roles: [role.roleName],
      policyDocument: Lazy.any({ produce: () => new PolicyDocument({ statements: machine().statements, minimize: true }) }),
    });
    const stateMachine = new StateMachine(scope, 'StateMachine', {
      role,
      definitionBody: DefinitionBody.fromString('{}'), // replaced below
      tracingEnabled: true,
      logs: { destination: new LogGroup(scope, 'Log', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }), level: LogLevel.ALL },
    });
    stateMachine.node.addDependency(policy);
    const resource = stateMachine.node.defaultChild as CfnStateMachine;
    const definition = new MachineDefinition(resource, () => machine().definition);
    stateMachine.node.addValidation({ validate: () => problems(this).length > 0 ? [] : excess(machine(), definition.length) });
    resource.addMetadata(PLAN_METADATA, Lazy.any({ produce: () => machine().plan }));
    this.tag(resource, id.toLowerCase() as PipelineRole);
    return stateMachine;
  }

  private lambda(id: string, folder: string, role: PipelineRole, does: string): LambdaFunction {
    const made = new LambdaFunction(this.own, id, {
      description: `${does} of ${this.pipelineName}`,
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(path.join(__dirname, '..', 'assets', 'lambda', folder)),
      timeout: Duration.minutes(1),
      memorySize: 256,
      logGroup: new LogGroup(this.own, `${id}Log`, { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
    });
    this.tag(made.node.defaultChild as CfnFunction, role);
    return made;
  }

  /** By its tags the `datapipeline` command finds what belongs to a pipeline. */
  private tag({ tags }: ITaggable, role: PipelineRole): void {
    tags.setTag(PIPELINE_TAG, this.pipelineName);
    tags.setTag(ROLE_TAG, role);
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
    checkDue(this, props, dueTime(props.schedule.scheduleType));
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
    for (const name of Object.keys(props.parameters ?? {})) {
      if (!PARAMETER.test(name)) throw invalid(this, 'parameters', `are named by a letter, then letters, digits and "_"; got: "${name}"`);
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
    due: dueTime(props.schedule.scheduleType),
    runTimeout,
    retention: Duration.days(Math.ceil(runTimeout.toDays({ integral: false })) + 90),
  };
}

function dueTime(type: ScheduleType): PipelineDefaults['due'] {
  switch (type) {
    case ScheduleType.CRON: return 'scheduledStartTime';
    case ScheduleType.TIMESERIES: return 'scheduledEndTime';
    case ScheduleType.ONDEMAND: return undefined;
  }
}
