import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SmallDisk } from './small-disk';
import { UnreliableLink } from './unreliable-link';
import { TaskRunnerProcess } from '../task-runner-process';

/** Task Runners, each in a work directory of its own, and all that can befall them. */
export class Fleet {
  public readonly told = new Map<string, number>();
  private readonly runners: TaskRunnerProcess[] = [];

  constructor(
    private readonly bundle: string, private readonly activityArn: string, size: number, private readonly slots: number,
    private readonly disk: SmallDisk, private readonly link: UnreliableLink, private readonly environment: NodeJS.ProcessEnv,
  ) {
    for (let index = 0; index < size; index += 1) this.runners.push(this.started(index));
  }

  /** Trouble upon trouble, with so many milliseconds between at most, until it is over; what is broken then is mended. */
  public async trouble(random: () => number, over: AbortSignal, between = 1000): Promise<void> {
    const troubles = [this.kill, this.kill, this.pause, this.cut, this.storm, ...this.disk.isSmall ? [this.fill] : []];
    const going = new Set<Promise<void>>();
    for (const busy = new Set<number>(); !over.aborted;) {
      const [drawn, victim] = [Math.floor(random() * troubles.length), Math.floor(random() * this.runners.length)];
      const length = 200 + random() * 4000;
      if (!busy.has(victim)) {
        busy.add(victim);
        const one = troubles[drawn].call(this, victim, length).finally(() => void [busy.delete(victim), going.delete(one)]);
        going.add(one);
        this.told.set(troubles[drawn].name, (this.told.get(troubles[drawn].name) ?? 0) + 1);
      }
      await setTimeout((0.2 + random() * 0.8) * between, undefined, { signal: over }).catch(() => undefined);
    }
    await Promise.all(going);
  }

  /** Asked once they listen to signals. */
  public async stop(): Promise<unknown[]> {
    while (!this.runners.every(({ stderr }) => stderr.includes('"started"'))) await setTimeout(50);
    for (const runner of this.runners) runner.kill('SIGTERM');
    return Promise.all(this.runners.map(async (runner) => runner.exit));
  }

  public async destroy(): Promise<void> {
    for (const runner of this.runners) for (const signal of ['SIGKILL', 'SIGCONT'] as const) runner.kill(signal);
    await Promise.all(this.runners.map(async (runner) => runner.exit));
  }

  /** On a disk that is full it does not come up, and is started again, as by the host. */
  private started(index: number): TaskRunnerProcess {
    const own = ['--taskrunnerId', `plant-${index}`, '--workDir', join(this.disk.directory, `${index}`), '--tasks', `${this.slots}`];
    const environment = { ...this.environment, AWS_ENDPOINT_URL_SFN: this.link.url };
    const runner = new TaskRunnerProcess(this.bundle, ['--workerGroup', this.activityArn, ...own], environment);
    void runner.exit.then(async ({ code }) => {
      if (code !== 1 || this.runners[index] !== runner) return;
      await setTimeout(200);
      this.runners[index] = this.started(index);
    });
    return runner;
  }

  private async kill(index: number, length: number): Promise<void> {
    const runner = this.runners[index];
    runner.kill('SIGKILL');
    await runner.exit;
    await setTimeout(length / 8);
    this.runners[index] = this.started(index);
  }

  private async pause(index: number, length: number): Promise<void> {
    const runner = this.runners[index];
    runner.kill('SIGSTOP');
    await setTimeout(1.5 * length);
    runner.kill('SIGCONT');
  }

  private async cut(_: number, length: number): Promise<void> {
    this.link.cut();
    await setTimeout(length / 2);
    this.link.restore();
  }

  private async storm(_: number, length: number): Promise<void> {
    const before = this.link.failing;
    this.link.failing = 0.5;
    await setTimeout(length);
    this.link.failing = before;
  }

  private async fill(_: number, length: number): Promise<void> {
    this.disk.fill();
    await setTimeout(length / 3);
    this.disk.empty();
  }
}
