/**
 * The runs of one schedule of a pipeline: the machine that is a run, the one that starts them, the one that ends what they leave behind,
 * and the one that looks which objects are late. The pipeline holds what all its schedules share.
 */
import { CustomResource, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { CfnPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule as SchedulerSchedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, Dependable, IDependable } from 'constructs';
import { compile, compileLate, compileRerunGraph, maxActiveInstances } from './compiler/compile';
import { renderLoadMachine } from './compiler/load-machine';
import { MANY } from './compiler/many';
import { renderReaper } from './compiler/reaper';
import { renderStarter } from './compiler/starter';
import { renderStepsMachine } from './compiler/steps-machine';
import { renderTeardown, RUNS } from './compiler/teardown';
import { CalendarSchedule } from './contract/calendar';
import { END_TYPE, EndProperties, START_TYPE, StartAttributes, StartProperties } from './contract/lifecycle';
import { DEFAULT_SCHEDULE } from './contract/plan';
import { runPrefixOf } from './contract/run';
import { queueItemOf, startItemOf } from './contract/table';
import { compiledMachine, logOf } from './machine';
import type { Pipeline } from './pipeline';
import type { EmrCluster } from './resources/emr-cluster';
import { Schedule } from './schedule';
import { DueTime, dueTime, tickExpression } from './schedule-ticks';

const START_DATE_TIME: keyof StartAttributes = 'StartDateTime';
const CRON: keyof StartAttributes = 'Cron';

export class ScheduledRuns extends Construct {
  /** One execution for each interval. */
  readonly stateMachine: StateMachine;
  /** Turns ticks and activations into runs. */
  readonly starter: StateMachine;
  /** Ends what runs leave behind. */
  readonly reaper: StateMachine;
  /** What the schedule is to the calendar function. */
  readonly timing: CalendarSchedule;
  private readonly runEnded: Rule;
  private readonly start?: CustomResource;
  private readonly ticks: Construct[] = [];
  private late?: StateMachine;
  private loads = 0;
  private loadMachine?: StateMachine;

  /** `scheduleName` is that of the pipeline's own schedule, whose parts have the ids that they have in a pipeline with one schedule. */
  constructor(readonly pipeline: Pipeline, scope: Construct, readonly schedule: Schedule, readonly scheduleName: string = DEFAULT_SCHEDULE) {
    super(scope, scheduleName === DEFAULT_SCHEDULE ? 'Default' : `Schedule-${scheduleName}`);
    this.start = this.startsWhenDeployed();
    const startDateTime = this.start?.getAttString(START_DATE_TIME);
    this.timing = { ...schedule._timing, ...startDateTime === undefined ? {} : { startDateTime } } as CalendarSchedule;
    this.stateMachine = compiledMachine(this, 'Run', () => compile(this));
    this.reaper = this.endsRuns();
    this.runEnded = this.reapsWhatEnds();
    this.starter = this.startsRuns();
    this.tick();
    this.endsBeforeAllElse();
    pipeline._alarms.machineFails(this, 'StarterFails', this.starter, 'a tick or an activation could not start its run');
    pipeline._alarms.actionsFail(this, 'ActionsFail', this.title, logOf(this.stateMachine));
    pipeline._alarms.machineFails(this, 'ReaperFails', this.reaper, 'what a run has left behind could not be ended, and may cost money');
  }

  /** In descriptions. */
  get title(): string {
    const { pipelineName } = this.pipeline;
    return this.isDefault ? pipelineName : `${pipelineName}, schedule ${this.scheduleName}`;
  }

  /** When objects are due: the variable of a run that holds the time. None on demand. */
  get due(): DueTime | undefined {
    return dueTime(this.schedule._timing);
  }

  /** What the names of its runs begin with. */
  get runPrefix(): string {
    return runPrefixOf(this.scheduleName);
  }

  get isDefault(): boolean {
    return this.scheduleName === DEFAULT_SCHEDULE;
  }

  /** Key of the queue in the pipeline's partition of the Run table. */
  get queueItem(): string {
    return queueItemOf(this.scheduleName);
  }

  /** The machine that looks at the late times of a run which objects are late; made by the first with `onLateAction`. */
  lateWatch(): StateMachine {
    if (this.late) return this.late;
    this.late = compiledMachine(this, 'Late', () => compileLate(this));
    this.pipeline._alarms.machineFails(this, 'LateFails', this.late, 'that something is late could not be told');
    return this.late;
  }

  /** The machine that does the steps of the activities on a cluster with many. */
  activityMachine(cluster: EmrCluster): StateMachine {
    return compiledMachine(this, `${cluster.objectId}Activities`, () => renderStepsMachine(this, cluster), undefined, 'activities');
  }

  /** One more load is in the runs. */
  addLoad(): void {
    this.loads += 1;
    if (this.loads <= MANY) return;
    this.loadMachine ??= compiledMachine(this, 'Loads', () => renderLoadMachine(this), this.stateMachine.role, 'activities');
  }

  /** The machine that does the loads, where there are too many for the states of a run. */
  get loadMachineIfAny(): StateMachine | undefined {
    return this.loadMachine;
  }

  get lateWatchIfAny(): StateMachine | undefined {
    return this.late;
  }

  /**
   * The Data API of Redshift shows statements to the role that submitted them only, so that the reaper has the role of the runs. But
   * for listing, they may do all that it does.
   */
  private endsRuns(): StateMachine {
    const { partition } = Stack.of(this);
    return compiledMachine(this, 'Reaper', () => renderReaper(this, partition), this.stateMachine.role);
  }

  private reapsWhatEnds(): Rule {
    return new Rule(this, 'RunEnded', {
      description: `Runs of ${this.title} that ended without settling`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new SfnStateMachine(this.reaper, {
        input: RuleTargetInput.fromObject({ run: EventField.fromPath('$.detail.name'), status: EventField.fromPath('$.detail.status') }),
      })],
    });
  }

  private startsRuns(): StateMachine {
    const { partition } = Stack.of(this);
    const starter = compiledMachine(this, 'Starter', () => renderStarter({
      runs: this,
      partition,
      timing: this.timing,
      runArn: this.stateMachine.stateMachineArn,
      reaperArn: this.reaper.stateMachineArn,
      calendar: this.pipeline._calendar,
      maxActiveInstances: maxActiveInstances(this),
      catchUp: this.pipeline._catchUp._count,
      graph: compileRerunGraph(this),
    }));
    // Not in the policies that the machines wait for: the Starter names the runs' machine, and these name the Starter.
    new CfnPolicy(this, 'StartNext', {
      policyName: 'StartNext',
      roles: [this.stateMachine.role.roleName, starter.role.roleName],
      policyDocument: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [starter.stateMachineArn] })] }),
    });
    this.runEnded.addTarget(new SfnStateMachine(starter, { input: RuleTargetInput.fromObject({ ended: EventField.fromPath('$.detail.name') }) }));
    return starter;
  }

  /** A resource that records its first deployment, for a schedule that starts at it. It has gone when the table goes that it is recorded in. */
  private startsWhenDeployed(): CustomResource | undefined {
    const { _timing: timing } = this.schedule;
    if (timing.kind !== 'rate' || timing.startDateTime !== undefined) return undefined;
    const { runTable, _lifecycle: lifecycle } = this.pipeline;
    const policy = new CfnPolicy(this, 'StartPolicy', {
      policyName: this.isDefault ? 'StartPolicy' : `StartPolicy-${this.scheduleName}`,
      roles: [lifecycle.role!.roleName],
      policyDocument: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [runTable.tableArn] })] }),
    });
    const properties: StartProperties = { TableName: runTable.tableName, StartItem: startItemOf(this.scheduleName), Period: String(timing.period) };
    const start = new CustomResource(this, 'Start', {
      resourceType: START_TYPE, serviceToken: lifecycle.functionArn, serviceTimeout: Duration.minutes(5), properties: { ...properties },
    });
    start.node.addDependency(policy);
    return start;
  }

  /** No start date: Scheduler refuses one in the past, and the stack must deploy again next year. The Starter knows the range. */
  private tick(): void {
    const { timing, start } = this;
    if (timing.kind === 'onDemand') return;
    const { expression, timeZone } = tickExpression(timing, start?.getAttString(CRON));
    const role = new Role(this, 'ScheduleRole', {
      description: `Ticks of ${this.title}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const lost = new Queue(this, 'LostTicks', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    const alarm = this.pipeline._alarms.queueHolds(this, 'TicksLost', lost);
    const schedule = new SchedulerSchedule(this, 'Schedule', {
      description: `Ticks of ${this.title}`,
      schedule: ScheduleExpression.expression(expression, TimeZone.of(timeZone)),
      target: new StepFunctionsStartExecution(this.starter, {
        role,
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        deadLetterQueue: lost,
        maxEventAge: Duration.hours(24),
      }),
    });
    this.ticks.push(schedule, role, lost, alarm);
  }

  /**
   * A resource that takes its time to be deleted: no new runs begin, those at work are stopped, and what they launched is gone before
   * anything goes that they, or their end, need. The ticks go first, and everything else last.
   */
  private endsBeforeAllElse(): void {
    const { runTable, _lifecycle: lifecycle } = this.pipeline;
    const { partition } = Stack.of(this);
    const teardown = compiledMachine(this, 'Teardown', () => renderTeardown({
      runs: this,
      partition,
      machines: {
        starters: this.starter,
        ...(this.late ? { watches: this.late } : {}),
        [RUNS]: this.stateMachine,
      },
      reaperArn: this.reaper.stateMachineArn,
      lifecycleArn: lifecycle.functionArn,
    }));
    // Not the function's own policy, which it would wait for: the machine calls the function.
    const policy = new CfnPolicy(this, 'LifecyclePolicy', {
      policyName: this.isDefault ? 'LifecyclePolicy' : `LifecyclePolicy-${this.scheduleName}`,
      roles: [lifecycle.role!.roleName],
      policyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [runTable.tableArn] }),
          new PolicyStatement({
            actions: ['states:StartExecution'], resources: [teardown.stateMachineArn, ...this.start ? [this.starter.stateMachineArn] : []],
          }),
        ],
      }),
    });
    const first = this.start ? { StarterArn: this.starter.stateMachineArn, StartDateTime: this.start.getAttString(START_DATE_TIME) } : {};
    const properties: EndProperties = { TeardownArn: teardown.stateMachineArn, TableName: runTable.tableName, QueueItem: this.queueItem, ...first };
    const end = new CustomResource(this, 'End', {
      resourceType: END_TYPE,
      serviceToken: lifecycle.functionArn,
      serviceTimeout: Duration.hours(1),
      properties: { ...properties },
    });
    end.node.addDependency(policy, this.allBut([end, ...this.ticks]));
    this.ticks[0]?.node.addDependency(end);
  }

  /** Everything that is this schedule's, or the pipeline's, objects that are yet to come included. */
  private allBut(excluded: readonly Construct[]): IDependable {
    const { pipeline } = this;
    const shared = () => [...pipeline.node.children, ...this.node.scope!.node.children]
      .filter((child) => child !== this.node.scope && !(child instanceof ScheduledRuns));
    const all: IDependable = {};
    const roots = () => [...shared(), ...this.node.children].filter((child) => !excluded.includes(child as Construct));
    Dependable.implement(all, { get dependencyRoots() { return roots(); } });
    return all;
  }
}
