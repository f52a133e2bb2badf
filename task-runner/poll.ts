import { backoff } from './backoff';
import { execute, refuse } from './execute';
import { described } from './failure';
import { Host } from './host';

/** One slot: a long poll, the task that it brings, the next poll. Ends when Task Runner is stopping, after the task it then has. */
export async function pollForTasks(activityArn: string, host: Host): Promise<void> {
  const { service, processes: { clock }, stopping, log, random } = host;
  let failures = 0;
  while (!stopping.aborted) {
    try {
      const assignment = await service.poll(activityArn, stopping);
      failures = 0;
      // A task may come in the very moment of the signal, and would otherwise wait for its timeout.
      if (assignment) await (stopping.aborted ? refuse(assignment, host) : execute(assignment, host));
    } catch (error) {
      if (stopping.aborted) return;
      log.warn('a poll failed', { activityArn, error: described(error) });
      await clock.sleep(backoff(failures, random), stopping);
      failures += 1;
    }
  }
}
