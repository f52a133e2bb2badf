import {
  CreateActivityCommand, CreateStateMachineCommand, DescribeExecutionCommand, paginateGetExecutionHistory, SendTaskFailureCommand, SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { JsonObject } from '../../../simulator/json';
import { Exchange } from '../../task-runner/chaos/unreliable-link';

/**
 * An activity of MiniStack, which gives no task up: one of which nothing is heard for so long is failed here, as Step Functions would,
 * and what is said of it afterwards, or once more after it was answered, is refused as Step Functions would refuse it.
 */
export class EmulatedActivity {
  public static async create(client: SFNClient, name: string, heartbeat: number): Promise<EmulatedActivity> {
    const { activityArn = '' } = await client.send(new CreateActivityCommand({ name }));
    return new EmulatedActivity(client, activityArn, heartbeat);
  }

  private readonly over = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  private constructor(private readonly client: SFNClient, public readonly arn: string, private readonly heartbeat: number) {}

  /** Before a request is passed on. */
  public readonly refuses = ({ taskToken }: Readonly<Record<string, string>>): string | undefined => {
    if (this.over.has(taskToken)) return 'TaskTimedOut';
    clearTimeout(this.timers.get(taskToken));
    return undefined;
  };

  /** When it has been. */
  public readonly note = ({ action, status, request, response }: Exchange): void => {
    const token = action === 'GetActivityTask' ? response.taskToken : request.taskToken;
    if (status !== 200 || token === undefined) return;
    if (action === 'SendTaskSuccess' || action === 'SendTaskFailure') this.over.add(token);
    clearTimeout(this.timers.get(token));
    if (!this.over.has(token)) this.timers.set(token, setTimeout(() => this.giveUp(token), this.heartbeat));
  };

  /** Runs a machine to its end. */
  public async run(definition: JsonObject, input: number): Promise<{ status?: string; tasksSucceeded: number }> {
    const { stateMachineArn } = await this.client.send(new CreateStateMachineCommand({
      name: 'Chaos', definition: JSON.stringify(definition), roleArn: 'arn:aws:iam::000000000000:role/chaos',
    }));
    const { executionArn } = await this.client.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    for (;;) {
      const { status } = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== 'RUNNING') return { status, tasksSucceeded: await this.succeeded(executionArn!) };
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  public close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async succeeded(executionArn: string): Promise<number> {
    let count = 0;
    for await (const { events = [] } of paginateGetExecutionHistory({ client: this.client }, { executionArn })) {
      count += events.filter(({ type }) => type === 'TaskSucceeded').length;
    }
    return count;
  }

  private giveUp(taskToken: string): void {
    this.over.add(taskToken);
    void this.client.send(new SendTaskFailureCommand({ taskToken, error: 'States.Timeout' }));
  }
}
