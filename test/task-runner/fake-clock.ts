import { Clock } from '../../task-runner/clock';

/** Time that passes only when somebody sleeps, and then at once. */
export class FakeClock implements Clock {
  public readonly sleeps: number[] = [];

  constructor(private time = Date.parse('2026-12-01T00:00:00Z')) {}

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise(setImmediate);
    if (signal?.aborted) return;
    this.sleeps.push(milliseconds);
    this.time += milliseconds;
  }
}
