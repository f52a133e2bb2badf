import { Json, TaskHandler, TaskRequest } from '../task';
import { Ec2, Instance } from './ec2';
import { argumentsOf, fields, optionalTexts, text, unusable } from './fields';
import { sdkFailure } from './integration';
import { answer, unlessTooLate, Work } from '../stack/worker';
import { StepFunctions } from '../step-functions';

/** Commands that hand a task to a Task Runner, which answers it unless its instance ends before. */
export class Ssm {
  /** Those that were sent: the task, and to whom. */
  public readonly sent: Array<{ readonly instance: string; readonly task: Json }> = [];

  constructor(private readonly ec2: Ec2, private readonly work: Work, private readonly service: () => StepFunctions) {}

  public handlers(): Record<string, TaskHandler> {
    return { 'aws-sdk:ssm:sendCommand': async request => this.send(request) };
  }

  private send(request: TaskRequest): Json {
    const args = argumentsOf(request);
    text(args, 'DocumentName');
    const [id] = optionalTexts(args, 'InstanceIds') ?? unusable(args, "The field 'InstanceIds' is required but was missing");
    const [encoded] = optionalTexts(fields(args, 'Parameters'), 'Task') ?? unusable(args, 'no task');
    if (!/^[A-Za-z0-9%_.!~*'()-]+$/.test(encoded)) throw sdkFailure('Ssm', 'InvalidParametersException', 'Task does not match its allowedPattern');
    const instance = this.ec2.instance(id);
    if (!instance?.registered) throw sdkFailure('Ssm', 'InvalidInstanceIdException', `Instances [[${id}]] not in a valid state for account`);
    const { token, task } = JSON.parse(decodeURIComponent(encoded)) as { token: string; task: Json };
    this.sent.push({ instance: id, task });
    void this.run(token, task, instance);
    return { Command: { CommandId: `command-${this.sent.length}` } };
  }

  private async run(token: string, task: Json, { ended }: Instance): Promise<void> {
    const heartbeat = () => {
      if (!ended.aborted) this.service().tokens.sendTaskHeartbeat(token);
    };
    const unlessDead = async <T>(then: () => T) => ended.aborted ? new Promise<never>(() => undefined) : then();
    const failed = (error: unknown) => unlessDead<never>(() => { throw error; });
    const working = this.work(task, heartbeat).then(output => unlessDead(() => output), failed);
    await unlessTooLate(() => answer(this.service(), token, working));
  }
}
