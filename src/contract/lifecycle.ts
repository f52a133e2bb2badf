/**
 * What a deployment says to a pipeline, and what it is answered: the part of CloudFormation's custom resources that is used here.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import type { ActivationProperties } from './activation';
import { grid } from './grid';

export interface StackRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes: a presigned URL. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Absent in Create. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: EndProperties | StartProperties | ActivationProperties;
  /** Of an Update. */
  readonly OldResourceProperties?: StackRequest['ResourceProperties'];
}

/** Of the resource whose deletion ends the runs of a schedule. */
export interface EndProperties {
  /** ARN of the Teardown machine. */
  readonly TeardownArn: string;
  /** Name of the Run table. */
  readonly TableName: string;
  /** Key of the queue in the Run table. */
  readonly QueueItem: string;
  /** ARN of the Starter, and the first tick, of a schedule that starts with its deployment: it has no other tick then. */
  readonly StarterArn?: string;
  readonly StartDateTime?: string;
}

/** Of the resource that is a schedule's first activation. */
export interface StartProperties {
  /** Name of the Run table. */
  readonly TableName: string;
  /** Key of the start in the Run table. */
  readonly StartItem: string;
  /** Of the schedule, in milliseconds: CloudFormation makes texts of numbers. */
  readonly Period: string;
}

/** What a template can ask of the resource that is a first activation. */
export interface StartAttributes {
  /** ISO-8601 in UTC, a whole minute. */
  readonly StartDateTime: string;
  /** The six fields of the cron expression of its ticks. */
  readonly Cron: string;
}

export function startAttributes({ Period }: Pick<StartProperties, 'Period'>, startDateTime: string): StartAttributes {
  return { StartDateTime: startDateTime, Cron: grid(Number(Period), startDateTime).cron };
}

/** Type of the resource that is a first activation. */
export const START_TYPE = 'Custom::DataPipelineStart';

/** Type of the resource whose deletion ends the runs of a schedule. */
export const END_TYPE = 'Custom::DataPipeline';

/** What CloudFormation must be told of a request for it to know the answer, and where. */
export type StackReplyTo = Pick<StackRequest, 'ResponseURL' | 'StackId' | 'RequestId' | 'LogicalResourceId' | 'PhysicalResourceId'>;

/** Input of the Teardown machine. */
export interface TeardownInput {
  readonly replyTo: StackReplyTo;
}

/** What the Teardown machine asks of the function at its end: to answer the deployment. */
export interface AnswerRequest {
  readonly kind: 'answer';
  readonly replyTo: StackReplyTo;
  /** Why it could not be done; empty where it has been. */
  readonly problem: string;
}

/** The body of an answer. */
export interface StackAnswer extends Omit<StackReplyTo, 'ResponseURL'> {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Data?: StartAttributes;
  readonly Reason?: string;
}
