import { FakeClock } from './fake-clock';
import { ACTIVITY_ARN } from './task-runner-process';
import { TASK_RUNNER_STOPPED } from '../../src/contract/errors';
import { Host } from '../../task-runner/host';
import { Log } from '../../task-runner/log';
import { pollForTasks } from '../../task-runner/poll';
import { Assignment, TaskService } from '../../task-runner/service';

/** A host whose polls bring these, one after the other, and which is then stopped. */
function hostWith(polls: (() => Assignment | undefined)[]) {
  const stop = new AbortController();
  const clock = new FakeClock();
  const failures: string[][] = [];
  const service: TaskService = {
    poll: async () => {
      const poll = polls.shift();
      if (poll) return poll();
      stop.abort();
      return undefined;
    },
    heartbeat: async () => undefined,
    succeed: async () => undefined,
    fail: async (...[token, error]) => { failures.push([token, error]); },
  };
  const never = new AbortController().signal;
  const host = { service, processes: { clock }, stopping: stop.signal, halted: never, abandoned: never, log: new Log(clock, []), random: () => 1, hostname: 'plant-1' };
  return { host: host as unknown as Host, stop, clock, failures };
}

test('backs off from errors, and no longer after a poll that went well', async () => {
  const busy = () => { throw new Error('ThrottlingException'); };
  const { host, clock } = hostWith([busy, busy, busy, () => undefined, busy]);
  await pollForTasks(ACTIVITY_ARN, host);
  expect(clock.sleeps).toEqual([500, 1000, 2000, 500]);
});

test('a task that comes in the moment of the signal is failed, so that it is retried', async () => {
  const { host, stop, failures } = hostWith([() => {
    stop.abort();
    return { token: 'token-1', input: '{}' };
  }]);
  await pollForTasks(ACTIVITY_ARN, host);
  expect(failures).toEqual([['token-1', TASK_RUNNER_STOPPED]]);
});

test('an invalid task does not end the loop', async () => {
  const { host, failures } = hostWith([() => ({ token: 'token-1', input: '{}' }), () => ({ token: 'token-2', input: '' })]);
  await pollForTasks(ACTIVITY_ARN, host);
  expect(failures.map(([token]) => token)).toEqual(['token-1', 'token-2']);
});
