import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { lifecycle } from './lifecycle';
import { SsmActivations } from './ssm-activations';
import { StackAnswer } from '../../src/contract/lifecycle';

const dynamoDb = new DynamoDBClient();
const sfn = new SFNClient();
const activations = new SsmActivations(new SSMClient());

export async function handler(event: unknown): Promise<void> {
  await lifecycle(event, {
    update: async (update) => (await dynamoDb.send(new UpdateItemCommand(update))).Attributes ?? {},
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    start: async (stateMachineArn, name, input) => {
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    },
    answer,
    activations,
  });
}

/** The URL is signed for a request without a content type. */
async function answer(url: string, body: StackAnswer): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(body) });
  if (!ok) throw new Error(`CloudFormation's answer URL says ${status}`);
}
