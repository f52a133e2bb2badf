import { Exchange } from './unreliable-link';
import { JsonObject } from '../../../simulator/json';
import { shellTask } from '../tasks';

/** Of a task: its service gives it up, and another attempt begins. */
export const HEARTBEAT_SECONDS = 3;

/** A map over so many tasks as its input says: each is tried again until it succeeds. Every fifth leaves a process behind. */
export function machine(activityArn: string, home: string): JsonObject {
  const command = `sleep 0.$(($1 % 4)); [ $(($1 % 5)) != 0 ] || sleep 300 & : > ${home}/done/$1`;
  const task = shellTask({ command, logUri: 's3://logs/', reportProgressTimeoutSeconds: HEARTBEAT_SECONDS });
  const work = {
    Type: 'Task',
    Resource: activityArn,
    Arguments: { ...task, object: '{% $string($states.input) %}', scriptArguments: ['{% $string($states.input) %}'] } as unknown as JsonObject,
    HeartbeatSeconds: HEARTBEAT_SECONDS,
    Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 10_000 }],
    End: true,
  };
  const each = { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Work', States: { Work: work } };
  return { QueryLanguage: 'JSONata', StartAt: 'Each', States: { Each: { Type: 'Map', Items: '{% [1..$states.input] %}', ItemProcessor: each, End: true } } };
}

/** By the token: which task it is. By the task: how often the service took its success. */
export class Counts {
  public readonly successes = new Map<string, number>();
  public attempts = 0;
  private readonly tasks = new Map<string, string>();

  public readonly note = ({ action, status, request, response }: Exchange): void => {
    if (status !== 200) return;
    if (action === 'GetActivityTask' && response.taskToken) {
      this.attempts += 1;
      this.tasks.set(response.taskToken, (JSON.parse(response.input) as { object: string }).object);
    } else if (action === 'SendTaskSuccess') {
      const task = this.tasks.get(request.taskToken) ?? 'unknown';
      this.successes.set(task, (this.successes.get(task) ?? 0) + 1);
    }
  };
}
