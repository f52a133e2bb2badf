import {
  GetActivityTaskCommand, SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand, SFNClient,
} from '@aws-sdk/client-sfn';
import { TokenGone } from './failure';

/** A task that the service has given to this host. */
export interface Assignment {
  readonly token: string;
  readonly input: string;
}

/** The queue that tasks come from and answers go to. Calls that name a token throw TokenGone when it is worth nothing any more. */
export interface TaskService {
  /** Waits up to a minute. */
  poll(activityArn: string, signal: AbortSignal): Promise<Assignment | undefined>;
  heartbeat(token: string, signal: AbortSignal): Promise<void>;
  succeed(token: string, output: string, signal: AbortSignal): Promise<void>;
  fail(token: string, error: string, cause: string, signal: AbortSignal): Promise<void>;
}

const CALL_TIMEOUT = 10_000;
const LONGEST_CAUSE = 32_768;
const GONE = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

export class StepFunctions implements TaskService {
  constructor(private readonly client: Pick<SFNClient, 'send'>, private readonly workerName: string) {}

  async poll(activityArn: string, signal: AbortSignal): Promise<Assignment | undefined> {
    const command = new GetActivityTaskCommand({ activityArn, workerName: this.workerName });
    const { taskToken, input } = await this.client.send(command, { abortSignal: signal });
    return taskToken ? { token: taskToken, input: input ?? '' } : undefined;
  }

  async heartbeat(taskToken: string, signal: AbortSignal): Promise<void> {
    const abortSignal = within(CALL_TIMEOUT, signal);
    await throwingTokenGone(this.client.send(new SendTaskHeartbeatCommand({ taskToken }), { abortSignal }));
  }

  async succeed(taskToken: string, output: string, signal: AbortSignal): Promise<void> {
    const abortSignal = within(CALL_TIMEOUT, signal);
    await throwingTokenGone(this.client.send(new SendTaskSuccessCommand({ taskToken, output }), { abortSignal }));
  }

  async fail(taskToken: string, error: string, cause: string, signal: AbortSignal): Promise<void> {
    const abortSignal = within(CALL_TIMEOUT, signal);
    const command = new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, LONGEST_CAUSE) });
    await throwingTokenGone(this.client.send(command, { abortSignal }));
  }
}

function within(milliseconds: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}

async function throwingTokenGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    throw error instanceof Error && GONE.includes(error.name) ? new TokenGone(error.name) : error;
  }
}
