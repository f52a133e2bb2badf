import { setTimeout as realSleep } from 'node:timers/promises';
import { ClockStuckError, ForwardingClock, VirtualClock } from '../../simulator/clock';

describe('VirtualClock', () => {
  test('timers fire in order of time, then of creation', async () => {
    const clock = new VirtualClock(0);
    const order: string[] = [];
    const at = (ms: number, name: string) => clock.sleep(ms).then(() => order.push(`${name}@${clock.now()}`));
    await clock.run(Promise.all([at(20, 'late'), at(10, 'first'), at(10, 'second'), at(0, 'now')]));
    expect(order).toEqual(['now@0', 'first@10', 'second@10', 'late@20']);
  });

  test('what a timer sets off is done before the next fires', async () => {
    const clock = new VirtualClock(0);
    const order: string[] = [];
    const chain = clock.sleep(10).then(async () => {
      for (let step = 0; step < 100; step++) await Promise.resolve();
      order.push('chain done');
    });
    const other = clock.sleep(10).then(() => order.push('other timer'));
    await clock.run(Promise.all([chain, other]));
    expect(order).toEqual(['chain done', 'other timer']);
  });

  test('time stands still while real work is under way', async () => {
    const clock = new VirtualClock(0);
    const work = clock.busy(realSleep(30)).then(() => clock.now());
    const timer = clock.sleep(1).then(() => clock.now());
    expect(await clock.run(Promise.all([work, timer]))).toEqual([0, 1]);
  });

  test('a sleep that is aborted rejects with the reason, and leaves no timer', async () => {
    const clock = new VirtualClock(0);
    const controller = new AbortController();
    const slept = clock.sleep(1000, controller.signal).catch(reason => reason);
    const aborted = clock.sleep(10).then(() => controller.abort('enough'));
    await clock.run(aborted);
    expect(await slept).toBe('enough');
    await clock.run(clock.sleep(5));
    expect(clock.now()).toBe(15);
    await expect(clock.sleep(1, controller.signal)).rejects.toBe('enough');
  });

  test('a wait that can never end is an error', async () => {
    const clock = new VirtualClock(0);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow(ClockStuckError);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow(/^at 1970-01-01T00:00:00.000Z no timer is set/);
  });

  test('one run at a time', async () => {
    const clock = new VirtualClock(0);
    const first = clock.run(clock.sleep(1));
    await expect(clock.run(clock.sleep(1))).rejects.toThrow('clock.run() is under way already');
    await first;
  });

  test('what the work fails with is what the run fails with', async () => {
    const clock = new VirtualClock(0);
    await expect(clock.run(clock.sleep(1).then(() => Promise.reject(new Error('broken'))))).rejects.toThrow('broken');
  });
});

describe('ForwardingClock', () => {
  test('jumps over idle waits', async () => {
    const clock = new ForwardingClock(0);
    const began = performance.now();
    await clock.run(clock.sleep(3_600_000));
    expect(clock.now()).toBe(3_600_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('lets real time pass while work is under way, and timers fire in it', async () => {
    const clock = new ForwardingClock(0);
    const heartbeat = clock.sleep(20).then(() => clock.now());
    const work = clock.busy(realSleep(80)).then(() => clock.now());
    const [beat, done] = await clock.run(Promise.all([heartbeat, work]));
    expect(beat).toBeGreaterThanOrEqual(20);
    expect(beat).toBeLessThan(70);
    expect(done).toBeGreaterThanOrEqual(75);
    expect(done).toBeLessThan(1000);
  });
});
