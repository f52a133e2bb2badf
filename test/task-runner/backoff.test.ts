import { FakeClock } from './fake-clock';
import { backoff, persist } from '../../task-runner/backoff';

test('waits longer after each failure, up to a minute, with full jitter', () => {
  expect([0, 1, 2, 7, 50].map((failures) => backoff(failures, () => 1))).toEqual([500, 1000, 2000, 60_000, 60_000]);
  expect(backoff(7, () => 0)).toBe(0);
});

describe('persist', () => {
  const patience = () => ({ clock: new FakeClock(), random: () => 1, signal: new AbortController().signal });
  const failing = (times: number, error = new Error('busy')) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw error;
      return calls;
    };
  };

  test('tries until it succeeds', async () => {
    const options = patience();
    expect(await persist(failing(3), options)).toBe(4);
    expect(options.clock.sleeps).toEqual([500, 1000, 2000]);
  });

  test('stops after so many attempts', async () => {
    await expect(persist(failing(3), { ...patience(), attempts: 3 })).rejects.toThrow('busy');
    expect(await persist(failing(2), { ...patience(), attempts: 3 })).toBe(3);
  });

  test('does not repeat what is final', async () => {
    const options = { ...patience(), isFinal: (error: unknown) => error instanceof TypeError };
    await expect(persist(failing(1, new TypeError('no')), options)).rejects.toThrow('no');
    expect(options.clock.sleeps).toEqual([]);
  });

  test('stops when the signal is aborted', async () => {
    const stop = new AbortController();
    const operation = persist(failing(1000), { ...patience(), signal: stop.signal, onFailure: () => stop.abort() });
    await expect(operation).rejects.toThrow('busy');
  });
});
