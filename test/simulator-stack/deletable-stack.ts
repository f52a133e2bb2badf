import { modelledFunctions } from './models';
import { lifecycle } from '../../lambda/lifecycle/lifecycle';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { Emr } from '../../simulator/services/emr';
import { SimulatedStack } from '../../simulator/stack/simulated-stack';
import { Json, TaskHandler } from '../../simulator/task';
import { END_TYPE, StackAnswer } from '../../src/contract/lifecycle';
import { FakeActivations } from '../lambda/fake-activations';

/** A stack in virtual time that can be deleted, as far as its pipeline has a say in it. */
export abstract class DeletableStack {
  /** Functions as they are, or held to hold; the one that answers deployments speaks to the stack that there is by then. */
  protected static functions(made: () => DeletableStack | undefined): TaskHandler {
    return async (request) => {
      const { FunctionName, Payload } = request.arguments as { FunctionName: string; Payload: Json };
      if (FunctionName.includes('Lifecycle')) await made()?.lifecycle(Payload);
      return modelledFunctions(request);
    };
  }

  /** What the deployment was answered: by each schedule once. */
  public readonly answers: Array<StackAnswer & { readonly left: string[] }> = [];

  protected constructor(public readonly stack: SimulatedStack, public readonly clock: VirtualClock, public readonly emr: Emr) {}

  /** Has it do its work, from the first tick on. */
  public abstract begin(): Promise<void>;

  /** All that runs may leave behind and that has not ended: nothing, when they are over. */
  public get leftovers(): string[] {
    const clusters = this.emr.clusters.filter(({ ended }) => !ended).map(({ request }) => request.name);
    return [...clusters, ...this.stack.oneTimeSchedules.names];
  }

  /** Executions that run, those that delete aside. */
  public get working(): string[] {
    return this.stack.allExecutions().filter(({ status, arn }) => status === 'RUNNING' && !arn.includes('Teardown')).map(({ arn }) => arn);
  }

  /** Lets time pass. */
  public async pass(milliseconds: number): Promise<void> {
    await this.clock.run(this.clock.sleep(milliseconds));
  }

  /**
   * Does something at the entry of the `index`th state, from 0, of an execution of the machine that is yet to start; `state` is the name
   * of that state then.
   */
  public at(stateMachine: string, index: number, act: (execution: Execution) => void): { state?: string } {
    const reached: { state?: string } = {};
    const arn = this.stack.stateMachine(stateMachine);
    const look = (execution: Execution) => {
      if (reached.state !== undefined || execution.transitions <= index) return;
      reached.state = String(execution.history.filter(({ type }) => type.endsWith('StateEntered'))[index]?.details.name);
      queueMicrotask(() => act(execution));
    };
    this.stack.stepFunctions.onStatusChange(({ status, execution }) => {
      if (status !== 'RUNNING' || execution.stateMachine.arn !== arn) return;
      const count = execution.countTransition.bind(execution);
      execution.countTransition = (state) => {
        count(state);
        look(execution);
      };
      look(execution);
    });
    return reached;
  }

  /** Deletes the stack, until the deployment is answered. */
  public async delete(): Promise<DeletableStack['answers'][number]> {
    const ends = this.stack.tagged(END_TYPE, {});
    await Promise.all(ends.map(({ logicalId, properties }) => {
      const ids = { StackId: 'stack', RequestId: `delete-${logicalId}`, LogicalResourceId: logicalId, PhysicalResourceId: logicalId };
      return this.lifecycle({ RequestType: 'Delete', ResponseURL: 'https://answers', ...ids, ResourceProperties: properties });
    }));
    await Promise.all(this.stack.allExecutions().filter(({ arn }) => arn.includes('Teardown')).map(({ result }) => result));
    return this.answers[0];
  }

  private lifecycle(event: unknown): Promise<void> {
    return lifecycle(event, {
      update: async (update) => {
        await this.stack.dynamoDb.call('updateItem', update);
        return {};
      },
      now: () => this.clock.now(),
      activations: new FakeActivations(),
      sleep: async () => undefined,
      start: async (stateMachineArn, name, input) => {
        this.stack.stepFunctions.startExecution({ stateMachineArn, name, input: input as unknown as Json });
      },
      answer: async (_, body) => void this.answers.push({ ...body, left: [...this.leftovers, ...this.working] }),
    });
  }
}
