import { FakeClock } from './fake-clock';
import { TokenGone } from '../../task-runner/failure';
import { heartbeats } from '../../task-runner/heartbeat';
import { Log } from '../../task-runner/log';

function pulse(timeout: number, answers: (Error | undefined)[]) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const lines: string[] = [];
  let sent = 0;
  const beat = async () => {
    const answer = answers[sent];
    sent += 1;
    if (sent > answers.length) stop.abort();
    if (answer) throw answer;
  };
  const ending = heartbeats(beat, { timeout, clock, log: new Log(clock, [(line) => lines.push(line)]), signal: stop.signal });
  return { ending, clock, lines };
}

test('beats at a third of the timeout, until it is stopped', async () => {
  const { ending, clock } = pulse(30_000, [undefined, undefined, undefined]);
  expect(await ending).toBeUndefined();
  expect(clock.sleeps).toEqual([10_000, 10_000, 10_000, 10_000]);
});

test('beats every minute where the service would wait for hours, so that a stopped run is noticed', async () => {
  const { ending, clock } = pulse(4 * 3_600_000, [undefined]);
  await ending;
  expect(clock.sleeps).toEqual([60_000, 60_000]);
});

test('ends with why when the token is refused', async () => {
  expect(await pulse(30_000, [undefined, new TokenGone('TaskTimedOut')]).ending).toBe('TaskTimedOut');
});

test('goes on through an error that passes', async () => {
  const { ending, lines } = pulse(30_000, [new Error('ECONNRESET'), undefined, new Error('ECONNRESET'), undefined]);
  expect(await ending).toBeUndefined();
  expect(lines.map((line) => JSON.parse(line).error)).toEqual(['ECONNRESET', 'ECONNRESET']);
});

test('gives the task up when nothing got through for as long as the service waits', async () => {
  const { ending, clock } = pulse(30_000, [undefined, ...Array.from({ length: 9 }, () => new Error('ENETUNREACH'))]);
  expect(await ending).toBe('no report of progress got through for 30 seconds');
  expect(clock.sleeps).toHaveLength(4);
});
