import { Activation, Activations, Secret } from '../../lambda/lifecycle/activation';
import { ActivationProperties } from '../../src/contract/activation';

/** Systems Manager's activations and parameters, in memory. */
export class FakeActivations implements Activations {
  readonly made = new Map<string, Activation>();
  readonly parameters = new Map<string, string>();
  /** What is thrown once by a call, before it does anything, or after. */
  readonly faults: Array<{ call: keyof Activations; when: 'before' | 'after'; error: Error }> = [];
  private count = 0;

  async list(role: string): Promise<Activation[]> {
    return this.faulty('list', () => [...this.made.values()].filter(({ IamRole }) => IamRole === role));
  }

  async create({ IamRole, DefaultInstanceName, RegistrationLimit }: ActivationProperties, ExpirationDate: Date): Promise<Secret> {
    return this.faulty('create', () => {
      const id = `a-${this.count += 1}`;
      this.made.set(id, { ActivationId: id, IamRole, DefaultInstanceName, RegistrationLimit: Number(RegistrationLimit), ExpirationDate });
      return { id, code: `code-of-${id}` };
    });
  }

  async remove(id: string): Promise<void> {
    return this.faulty('remove', () => void this.made.delete(id));
  }

  async kept(parameter: string): Promise<string | undefined> {
    return this.faulty('kept', () => this.parameters.get(parameter));
  }

  async keep(parameter: string, text: string): Promise<void> {
    return this.faulty('keep', () => void this.parameters.set(parameter, text));
  }

  async forget(parameter: string): Promise<void> {
    return this.faulty('forget', () => void this.parameters.delete(parameter));
  }

  private faulty<T>(call: keyof Activations, does: () => T): T {
    const index = this.faults.findIndex((fault) => fault.call === call);
    const [fault] = index < 0 ? [] : this.faults.splice(index, 1);
    if (fault?.when === 'before') throw fault.error;
    const result = does();
    if (fault) throw fault.error;
    return result;
  }
}
