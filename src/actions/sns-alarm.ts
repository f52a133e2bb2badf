import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ActionCall, ActionEvent } from '../compiler/work';
import type { PipelineObject } from '../pipeline-object';
import { Action } from './action';

const SUBJECT_LENGTH = 100;
const OUTCOMES: Readonly<Record<ActionEvent, string>> = { onSuccess: 'succeeded', onFail: 'failed', onLateAction: 'is late' };

/** Props of an SnsAlarm. */
export interface SnsAlarmProps {
  /**
   * An alarm, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: SnsAlarm;

  /** The topic that the message is published to. Field `topicArn` of AWS Data Pipeline. */
  readonly topic: ITopic;

  /**
   * Subject of the message; takes expressions. Newlines become spaces, and what lies beyond 100 characters is cut, so that
   * no alarm is refused.
   *
   * @default - `<object> succeeded`, `<object> failed` or `<object> is late`, with the pipeline's name
   */
  readonly subject?: string;

  /**
   * Body of the message; takes expressions, `#{node.@status}`, `#{node.errorMessage}` and `#{node.name}` among them.
   *
   * @default - the object, its status (or `late`), its run, and why it failed
   */
  readonly message?: string;

  /**
   * Role that the message is published with, which must let the roles of the pipeline's state machines assume it, and may publish to the
   * topic.
   *
   * @default - the state machines' own
   */
  readonly role?: IRole;
}

/**
 * Publishes a message when an object has succeeded, has failed or is late.
 *
 * An alarm that cannot be sent is tried again. If it fails for good it changes no status: the run's result has the error, and the pipeline's
 * own alarm goes off.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-snsalarm.html
 */
export class SnsAlarm extends Action {
  private readonly props: SnsAlarmProps;

  constructor(props: SnsAlarmProps) {
    super();
    this.props = { ...props.parent?.props, ...props };
  }

  /** @internal */
  public _bind(object: PipelineObject, event: ActionEvent): ActionCall {
    const { topic, role } = this.props;
    if (role) return { ...this.call(object, event), role, statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleArn] })] };
    const statements = [new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] })];
    if (topic.masterKey) {
      statements.push(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topic.masterKey.keyArn] }));
    }
    return { ...this.call(object, event), statements };
  }

  private call(object: PipelineObject, event: ActionEvent): Omit<ActionCall, 'statements'> {
    return {
      resource: 'sns:publish',
      arguments: {
        TopicArn: this.props.topic.topicArn,
        Subject: this.props.subject ?? `${object.objectId} ${OUTCOMES[event]} (${object.pipeline.pipelineName})`,
        Message: this.props.message ?? `#{node.name} of ${object.pipeline.pipelineName} is #{node.@status} ` +
          'in the run of #{@scheduledStartTime}. #{node.errorMessage}',
      },
      oneLine: { Subject: SUBJECT_LENGTH },
    };
  }
}
