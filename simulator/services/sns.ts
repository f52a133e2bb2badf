import { TaskFailure, TaskHandler, TaskRequest } from '../task';
import { argumentsOf, asJson, Fields, optionalFields, optionalText, unusable } from './fields';
import { optimizedFailure, optimizedResult, sdkFailure } from './integration';

export interface SnsMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Fields;
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
}

const LONGEST_SUBJECT = 100;
const LONGEST_MESSAGE = 256 * 1024;

/** Topics that keep what is published to them. */
export class Sns {
  public readonly messages: SnsMessage[] = [];

  /** Only these topics exist. */
  constructor(private readonly topicArns: readonly string[]) {}

  public handlers(): Record<string, TaskHandler> {
    return {
      'sns:publish': async request => optimizedResult({ MessageId: this.publish(request, optimized) }),
      'aws-sdk:sns:publish': async request => ({ MessageId: this.publish(request, sdk) }),
    };
  }

  private publish(request: TaskRequest, failure: Failure): string {
    const args = argumentsOf(request);
    const topicArn = optionalText(args, 'TopicArn') ?? optionalText(args, 'TargetArn') ?? unusable(args, "The field 'TopicArn' is required but was missing");
    const message = messageText(args, request.service === 'sns');
    const subject = optionalText(args, 'Subject');
    const complaint = complaintAbout(subject, message);
    if (complaint) throw failure('InvalidParameter', `Invalid parameter: ${complaint}`, 400);
    if (!this.topicArns.includes(topicArn)) throw failure('NotFound', 'Topic does not exist', 404);
    const messageId = `00000000-0000-0000-0000-${String(this.messages.length + 1).padStart(12, '0')}`;
    const attributes = optionalFields(args, 'MessageAttributes') ?? {};
    this.messages.push({ messageId, topicArn, subject, message, attributes, publishedAt: request.clock.now() });
    return messageId;
  }
}

type Failure = (code: string, message: string, status: number) => TaskFailure;

const optimized: Failure = (code, message, status) => optimizedFailure(`SNS.${code}Exception`, 'AmazonSNS', code, message, status);
const sdk: Failure = (code, message, status) => sdkFailure('Sns', `${code}Exception`, message, status);

/** The optimized integration takes a message that is not text, as JSON. */
function messageText(args: Fields, anyJson: boolean): string {
  if (args.Message === undefined) return unusable(args, "The field 'Message' is required but was missing");
  if (typeof args.Message === 'string') return args.Message;
  return anyJson ? JSON.stringify(asJson(args.Message)) : unusable(args, "The value for the field 'Message' must be a STRING");
}

function complaintAbout(subject: string | undefined, message: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  if (subject !== undefined && (subject === '' || subject.length > LONGEST_SUBJECT || /[\0-\x1f\x7f]/.test(subject))) return 'Subject';
  if (message === '') return 'Empty message';
  return Buffer.byteLength(message) > LONGEST_MESSAGE ? 'Message too long' : undefined;
}
