import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkActions, checkDuration, checkRetries, isTerminate } from '../checks';
import { Check, CheckProps } from '../compiler/work';
import type { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { PipelineObject } from '../pipeline-object';
import { LateProps, OutcomeProps } from '../runnable';

/** Props that all preconditions have. A precondition has finished when it has held. */
export interface PreconditionProps extends OutcomeProps, LateProps {
  /**
   * A precondition of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: Precondition;

  /**
   * How long to wait for the precondition, from the moment the object that it guards is ready. FAILED after that.
   *
   * @default - until the run's own timeout
   */
  readonly preconditionTimeout?: Duration;

  /**
   * Time between two checks.
   *
   * @default - growing from 30 seconds, by half each time, to a ceiling of 5 minutes or more
   */
  readonly retryDelay?: Duration;

  /**
   * How often to check again, 0 to 100.
   *
   * @default - without limit, until `preconditionTimeout`
   */
  readonly maximumRetries?: number;

  /**
   * How long one check may take, 1 second or longer. It is made again after that.
   *
   * @default - until it is answered
   */
  readonly attemptTimeout?: Duration;

  /**
   * How long a check may go without a sign of progress, 10 seconds or longer; it counts as lost after that, and is made again. Task Runner
   * reports by itself while a command runs; a check that AWS answers gives no sign but its answer.
   *
   * @default - an Ec2Resource's own; else Duration.minutes(5) for what Task Runner does, and until it is answered for what AWS answers
   */
  readonly reportProgressTimeout?: Duration;
}

/**
 * What must hold before an activity starts, or a data node is read.
 *
 * A precondition guards the one object that names it in `preconditions`.
 */
export abstract class Precondition extends PipelineObject {
  /** @internal */
  public _owner?: PipelineObject;

  private checks: CheckProps = {};

  constructor(scope: Construct, id: string, private readonly given: PreconditionProps) {
    super(scope, id);
    const props = given;
    checkRetries(this, props);
    checkActions(this, props);
    checkDuration(this, 'preconditionTimeout', props.preconditionTimeout, 1);
    checkDuration(this, 'attemptTimeout', props.attemptTimeout, 1);
    checkDuration(this, 'reportProgressTimeout', props.reportProgressTimeout, 10);
    if (props.onLateAction?.some(isTerminate)) {
      throw invalid(this, 'onLateAction', 'a precondition is no work to end; got: Terminate; name it in what the precondition guards, or give preconditionTimeout');
    }
    this._watch(props, this._alarmsWhenLate);
  }

  /** Its props, and those of the data node that it guards.
   * @internal */
  public get _props(): PreconditionProps & CheckProps {
    return { ...this.checks, ...this.given };
  }

  /** What it guards.
   * @internal */
  public get _node(): PipelineObject | 'later' | undefined {
    return this._owner ?? 'later';
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this._props };
  }

  /** @internal */
  public _attachTo(owner: PipelineObject, checks: CheckProps = {}): void {
    if (this._owner && this._owner !== owner) {
      throw invalid(owner, 'preconditions', `${this.node.path} guards ${this._owner.node.path} already; create one for each object, or put it on the data node that both read`);
    }
    this._owner = owner;
    this.checks = checks;
  }

  /** Where the data is that it is named by.
   * @internal */
  public _look(_node: S3DataNode): void {}

  /** @internal */
  public abstract _check(): Check;
}
