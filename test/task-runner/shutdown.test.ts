import { Clock } from '../../task-runner/clock';
import { Log } from '../../task-runner/log';
import { Shutdown } from '../../task-runner/shutdown';

/** Sleeps end when the test says so. */
class HeldClock implements Clock {
  private readonly sleepers: { milliseconds: number; wake: () => void }[] = [];

  now(): number {
    return 0;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((wake) => {
      this.sleepers.push({ milliseconds, wake });
      signal?.addEventListener('abort', () => wake());
    });
  }

  async pass(milliseconds: number): Promise<void> {
    for (const sleeper of this.sleepers) if (sleeper.milliseconds <= milliseconds) sleeper.wake();
    await new Promise(setImmediate);
  }
}

function started() {
  const clock = new HeldClock();
  const shutdown = new Shutdown(clock, 300_000, new Log(clock, []));
  const steps = () => [shutdown.stopping, shutdown.halted, shutdown.abandoned].map(({ aborted }) => aborted);
  return { clock, shutdown, steps };
}

test('stops taking tasks, then work, then waiting', async () => {
  const { clock, shutdown, steps } = started();
  expect(steps()).toEqual([false, false, false]);
  shutdown.request('SIGTERM');
  await clock.pass(299_999);
  expect(steps()).toEqual([true, false, false]);
  await clock.pass(300_000);
  expect(steps()).toEqual([true, true, false]);
  await clock.pass(20_000);
  expect(steps()).toEqual([true, true, true]);
});

test('a second signal does not wait for the work', () => {
  const { shutdown, steps } = started();
  shutdown.request('SIGTERM');
  shutdown.request('SIGINT');
  expect(steps()).toEqual([true, true, false]);
});

test('a third signal waits for nothing', () => {
  const { shutdown, steps } = started();
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT']) shutdown.request(signal);
  expect(steps()).toEqual([true, true, true]);
});
