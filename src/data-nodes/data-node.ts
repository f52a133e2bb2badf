import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Activity } from '../activities/activity';
import { checkActions, checkActiveInstances, checkDuration, checkRetries, requireHost } from '../checks';
import type { CheckProps } from '../compiler/work';
import { Fields } from '../fields';
import { PipelineObject } from '../pipeline-object';
import { Precondition } from '../preconditions/precondition';
import { ITaskRunnerHost } from '../resources/task-runner-host';
import { LateProps, OutcomeProps } from '../runnable';

/**
 * Props that all data nodes have. A data node has finished when those that write it have, and its preconditions hold. Where one of these
 * fails, it is held back, or CASCADE_FAILED, by its `failureAndRerunMode`.
 */
export interface DataNodeProps extends OutcomeProps, LateProps {
  /**
   * A data node of the same kind, whose props are taken where they are left out here, but for `preconditions`. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: DataNode;

  /**
   * What must hold before anything reads this data node; checked once a run, after its producers have finished.
   * Field `precondition`.
   *
   * @default - none
   */
  readonly preconditions?: Precondition[];

  /**
   * Activities that must have finished before this data node is there, beside those that write it.
   *
   * @default - none
   */
  readonly dependsOn?: Activity[];

  /**
   * How often its preconditions are checked again, 0 to 100, where they do not say so themselves.
   *
   * @default - without limit
   */
  readonly maximumRetries?: number;

  /**
   * Time between two checks of its preconditions, 1 second or longer, where they do not say so themselves.
   *
   * @default - growing from 30 seconds
   */
  readonly retryDelay?: Duration;

  /**
   * How long one check of its preconditions may take, 1 second or longer, where they do not say so themselves.
   *
   * @default - until the check is answered
   */
  readonly attemptTimeout?: Duration;

  /**
   * How long a check of its preconditions may go without a sign of progress, 10 seconds or longer, where they do not say so themselves.
   *
   * @default - that of the precondition
   */
  readonly reportProgressTimeout?: Duration;

  /**
   * Where its ShellCommandPreconditions run that do not say so themselves: a WorkerGroup, an Ec2Resource or an EmrCluster. Field `runsOn` or
   * `workerGroup`.
   *
   * @default - they say so
   */
  readonly runsOn?: ITaskRunnerHost;

  /**
   * How many runs may be at work at a time, 1 to 100: what is less than the pipeline's counts for all runs that have this data node.
   *
   * @default - the pipeline's
   */
  readonly maxActiveInstances?: number;
}

/** Where data is. Activities name data nodes as `input` and `output`; who reads what another writes waits for it. */
export abstract class DataNode extends PipelineObject {
  /** What must hold before anything reads this data node. */
  public readonly preconditions: Precondition[];

  /** @internal */
  public readonly _props: DataNodeProps;

  constructor(scope: Construct, id: string, props: DataNodeProps = {}) {
    super(scope, id);
    this._props = props;
    this.preconditions = props.preconditions ?? [];
    this._require('preconditions', Precondition, 'takes preconditions, such as an S3KeyExistsPrecondition', this.preconditions);
    this._require('dependsOn', Activity, 'takes activities, such as an EmrActivity', props.dependsOn ?? []);
    if (props.runsOn) requireHost(this, props.runsOn, 'is where preconditions run their commands');
    checkRetries(this, props);
    checkActions(this, props);
    checkDuration(this, 'attemptTimeout', props.attemptTimeout, 1);
    checkDuration(this, 'reportProgressTimeout', props.reportProgressTimeout, 10);
    checkActiveInstances(this, props.maxActiveInstances);
    this.preconditions.forEach((precondition) => precondition._attachTo(this, this.checks));
    // One that is there when its writers have finished is late with them: it has no second alarm beside theirs unless it asks for it.
    const own = this.preconditions.length > 0 || props.lateAfterTimeout || props.onLateAction;
    this._watch(props, own ? this.pipeline._defaults.defaults : {});
  }

  /** What follows when it has finished or failed.
   * @internal */
  public get _outcome(): OutcomeProps {
    const { onFail, onSuccess, failureAndRerunMode } = this._props;
    return { onFail, onSuccess, failureAndRerunMode };
  }

  /** Whether it settles by itself, and not with those that write it.
   * @internal */
  public get _isUnit(): boolean {
    return this.preconditions.length > 0 || [...Object.values(this._outcome), this._props.dependsOn].some((given) => given !== undefined);
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this._props, precondition: this.preconditions };
  }

  private get checks(): CheckProps {
    const { failureAndRerunMode, maximumRetries, retryDelay, attemptTimeout, reportProgressTimeout, runsOn } = this._props;
    return { failureAndRerunMode, maximumRetries, retryDelay, attemptTimeout, reportProgressTimeout, runsOn };
  }
}
