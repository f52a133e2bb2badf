/** The least that a worker does: it asks for tasks, as many at a time as it is told, and answers them. */
import { GetActivityTaskCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';

const [activityArn, concurrency] = process.argv.slice(2);
const client = new SFNClient();

async function work(): Promise<void> {
  for (;;) {
    const { taskToken } = await client.send(new GetActivityTaskCommand({ activityArn }));
    if (taskToken) await client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  }
}

for (let slot = 0; slot < Number(concurrency); slot += 1) void work();
