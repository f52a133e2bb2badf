import { ServiceError } from '../errors';
import { Signal } from '../signals';
import { StepFunctions } from '../step-functions';
import { Json, TaskFailure } from '../task';

/** What a modelled worker does with a task; a TaskFailure fails it, under its name. */
export type Work = (input: Json, heartbeat: () => void) => Promise<Json>;

/** A worker in virtual time: takes the tasks of an activity one after the other until the signal aborts. */
export async function work(service: StepFunctions, activityArn: string, workFor: Work, signal: Signal): Promise<void> {
  while (!signal.aborted) {
    const task = await service.activities.getActivityTask(activityArn, 'simulated', signal);
    if (!task) return;
    const heartbeat = () => service.tokens.sendTaskHeartbeat(task.taskToken);
    await unlessTooLate(() => answer(service, task.taskToken, workFor(task.input, heartbeat)));
  }
}

export async function answer({ tokens }: StepFunctions, token: string, working: Promise<Json>): Promise<void> {
  try {
    tokens.sendTaskSuccess(token, await working);
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    tokens.sendTaskFailure(token, error.error, error.cause);
  }
}

/** A task that has timed out meanwhile, or whose execution has ended, wants no answer. */
export async function unlessTooLate(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'TaskTimedOut')) throw error;
  }
}
