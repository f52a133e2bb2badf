import {
  CreateActivationCommand, DeleteActivationCommand, DeleteParameterCommand, GetParameterCommand, paginateDescribeActivations, PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { Activation, Activations, Secret } from './activation';
import { ActivationProperties } from '../../src/contract/activation';

/** Activations and parameters of AWS Systems Manager. */
export class SsmActivations implements Activations {
  constructor(private readonly client: SSMClient) {}

  async list(role: string): Promise<Activation[]> {
    const found: Activation[] = [];
    const pages = paginateDescribeActivations({ client: this.client }, { Filters: [{ FilterKey: 'IamRole', FilterValues: [role] }] });
    for await (const { ActivationList = [] } of pages) found.push(...ActivationList);
    return found;
  }

  async create(properties: ActivationProperties, expires: Date): Promise<Secret> {
    const { IamRole, DefaultInstanceName, RegistrationLimit, TagKey, TagValue } = properties;
    const { ActivationId = '', ActivationCode = '' } = await this.client.send(new CreateActivationCommand({
      IamRole,
      DefaultInstanceName,
      Description: `Hosts of worker group ${DefaultInstanceName}`,
      RegistrationLimit: Number(RegistrationLimit),
      ExpirationDate: expires,
      Tags: [{ Key: TagKey, Value: TagValue }],
    }));
    return { id: ActivationId, code: ActivationCode };
  }

  async remove(ActivationId: string): Promise<void> {
    await unless(/^InvalidActivation(Id)?$/, this.client.send(new DeleteActivationCommand({ ActivationId })));
  }

  async kept(Name: string): Promise<string | undefined> {
    return (await unless(/^ParameterNotFound$/, this.client.send(new GetParameterCommand({ Name, WithDecryption: true }))))?.Parameter?.Value;
  }

  async keep(Name: string, Value: string): Promise<void> {
    const Description = 'Id and code with which hosts register with AWS Systems Manager';
    await this.client.send(new PutParameterCommand({ Name, Value, Description, Type: 'SecureString', Overwrite: true }));
  }

  async forget(Name: string): Promise<void> {
    await unless(/^ParameterNotFound$/, this.client.send(new DeleteParameterCommand({ Name })));
  }
}

async function unless<T>(name: RegExp, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && name.test(error.name)) return undefined;
    throw error;
  }
}
