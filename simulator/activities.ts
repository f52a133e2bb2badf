import { Signal } from './signals';
import { Json } from './task';

export interface ActivityTask {
  readonly taskToken: string;
  readonly input: Json;
}

interface Offer {
  readonly task: ActivityTask;
  readonly take: (workerName: string | undefined) => void;
}

interface Poll {
  readonly workerName?: string;
  readonly answer: (task: ActivityTask) => void;
}

/** Called when a task finds no worker that polls; `taken` settles when one takes it, or when nobody is to any more. */
export type WaitingListener = (activityArn: string, taken: Promise<unknown>) => void;

/** The queues between activity states and the workers that poll: first come, first served, on both sides. */
export class Activities {
  private readonly offers = new Map<string, Offer[]>();
  private readonly polls = new Map<string, Poll[]>();
  private readonly listeners = new Set<WaitingListener>();

  /** Resolves to the worker's name when one takes the task; rejects with the signal's reason when it aborts before. */
  public offer(activityArn: string, task: ActivityTask, signal: Signal): Promise<string | undefined> {
    const poll = queue(this.polls, activityArn).shift();
    if (poll) {
      poll.answer(task);
      return Promise.resolve(poll.workerName);
    }
    const taken = enqueue<Offer, string | undefined>(queue(this.offers, activityArn), signal, take => ({ task, take }));
    for (const listener of this.listeners) listener(activityArn, taken);
    return taken;
  }

  /** Waits for a task; undefined when the signal aborts first. */
  public async getActivityTask(activityArn: string, workerName?: string, signal?: Signal): Promise<ActivityTask | undefined> {
    if (signal?.aborted) return undefined;
    const offer = queue(this.offers, activityArn).shift();
    if (offer) {
      offer.take(workerName);
      return offer.task;
    }
    const task = enqueue<Poll, ActivityTask>(queue(this.polls, activityArn), signal, answer => ({ workerName, answer }));
    return task.catch(() => undefined);
  }

  /** Returns how to stop listening. */
  public onWaiting(listener: WaitingListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function queue<T>(queues: Map<string, T[]>, name: string): T[] {
  const existing = queues.get(name);
  if (existing) return existing;
  const created: T[] = [];
  queues.set(name, created);
  return created;
}

/** Puts an entry in the line until it is served, or until the signal aborts. */
function enqueue<Entry, Result>(
  line: Entry[],
  signal: Signal | undefined,
  entryFor: (serve: (result: Result) => void) => Entry,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      line.splice(line.indexOf(entry), 1);
      reject(signal?.reason);
    };
    const entry = entryFor(result => {
      signal?.removeEventListener('abort', leave);
      resolve(result);
    });
    signal?.addEventListener('abort', leave, { once: true });
    line.push(entry);
  });
}
