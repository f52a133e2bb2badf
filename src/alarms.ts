/** The alarms of a pipeline: each is there by default, and costs nothing to speak of; whom they tell is a topic's subscribers. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Activity, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ACTIONS_FAILED } from './contract/run';

const PERIOD = Duration.minutes(5);
/** Task Runner asks for work all the time: a task that none has taken by then waits for a host. */
const UNPOLLED = Duration.minutes(15);

/** Makes the alarms of one pipeline. */
export class PipelineAlarms {
  constructor(private readonly pipelineName: string, private readonly topic?: ITopic) {}

  /** An execution fails or times out. `does` says what is not done then. */
  machineFails(scope: Construct, id: string, machine: StateMachine, does: string): void {
    const metric = new MathExpression({
      expression: 'failed + timedOut',
      label: 'Failed or timed out',
      usingMetrics: { failed: machine.metricFailed(), timedOut: machine.metricTimedOut() },
      period: PERIOD,
    });
    this.alarm(scope, id, metric, `${this.pipelineName}: ${does}`);
  }

  /** A run has failed actions: it enters a state for that, and its machine logs the name. */
  actionsFail(scope: Construct, id: string, runs: string, logGroup: ILogGroup): void {
    const filter = new MetricFilter(scope, `${id}Log`, {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'ChoiceStateEntered'), FilterPattern.stringValue('$.details.name', '=', ACTIONS_FAILED),
      ),
      metricNamespace: 'DataPipeline',
      metricName: `${runs} runs with failed actions`,
    });
    const metric = filter.metric({ statistic: 'sum', period: PERIOD });
    this.alarm(scope, id, metric, `${this.pipelineName}: an action of a run failed, so that nobody was told; the run's result has its actionError`);
  }

  /** Something is in a queue that holds what could not be delivered. */
  queueHolds(scope: Construct, id: string, queue: IQueue): Alarm {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'max' });
    return this.alarm(scope, id, metric, `${this.pipelineName}: ticks could not be delivered, so that their runs have not started; they are in queue ${queue.queueName}`);
  }

  /** Tasks are scheduled, and none is taken. */
  nobodyPolls(scope: Construct, id: string, group: string, activity: Activity): void {
    const metric = new MathExpression({
      expression: 'IF(FILL(scheduled, 0) > 0 AND FILL(started, 0) == 0, 1, 0)',
      label: 'Tasks that nobody takes',
      usingMetrics: { scheduled: activity.metricScheduled({ statistic: 'sum' }), started: activity.metricStarted({ statistic: 'sum' }) },
      period: UNPOLLED,
    });
    this.alarm(scope, id, metric, `${this.pipelineName}: no host takes the tasks of worker group ${group}: is Task Runner running, and not busy?`);
  }

  private alarm(scope: Construct, id: string, metric: IMetric, alarmDescription: string): Alarm {
    const alarm = new Alarm(scope, id, {
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.topic) alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
