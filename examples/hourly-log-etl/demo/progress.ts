import { Execution } from '../../../simulator/execution';
import { HistoryEvent } from '../../../simulator/history';
import { SimulatedStack } from '../../../simulator/stack/simulated-stack';

type Say = (line: string) => void;

/** Tells what the runs do, in the pipeline's own time. */
export class Progress {
  private readonly told = new Map<Execution, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly stack: SimulatedStack, private readonly say: Say) {
    this.timer = setInterval(() => this.tell(), 100);
  }

  /** Tells what happens beside the runs, in its turn. */
  note(time: number, news: string): void {
    this.tell();
    this.say(`${timeOf(time)}         ${news}`);
  }

  /** Tells what has not been told yet, and stops. */
  close(): void {
    clearInterval(this.timer);
    this.tell();
  }

  private tell(): void {
    for (const run of this.stack.executions('RunStateMachine')) {
      const events = run.history.slice(this.told.get(run) ?? 0);
      for (const event of events) this.tellEvent(run, event);
      this.told.set(run, run.history.length);
    }
  }

  private tellEvent(run: Execution, event: HistoryEvent): void {
    const news = newsOf(run, event);
    if (news) this.say(`${timeOf(event.timestamp)}  ${hourOf(run.name)}  ${news}`);
  }
}

/** `09:07:31` */
export function timeOf(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** A run by its hour: `08:00`. */
export function hourOf(run: string): string {
  return run.slice(11, 16).replace('-', ':');
}

function newsOf(run: Execution, event: HistoryEvent): string | undefined {
  const { type, details } = event;
  switch (type) {
    case 'ExecutionStarted': return 'the run starts';
    case 'ExecutionSucceeded': return 'the run has FINISHED';
    case 'ExecutionFailed': return `the run has FAILED: ${String(details.error)}`;
    case 'TaskStateEntered': return isWork(String(details.name)) ? `${String(details.name)} begins` : undefined;
    case 'TaskScheduled': return settling(details.parameters);
    case 'ActivityFailed':
    case 'TaskFailed': return `${stateOf(run, event)}: ${String(details.error)}`;
    default: return undefined;
  }
}

/** The state that does an object's work is named after the object; beside it, the launch takes long. */
function isWork(state: string): boolean {
  return !state.includes(': ') || state.endsWith(': acquire');
}

interface Settling {
  readonly Key?: { readonly item?: { readonly S: string } };
  readonly ExpressionAttributeValues?: { readonly [name: string]: { readonly S?: string; readonly N?: string } };
}

/** The write of an object's status to the Run table. */
function settling(parameters: unknown): string | undefined {
  const { Key, ExpressionAttributeValues: values } = parameters as Settling;
  const [, object] = /^object#(.*)$/.exec(Key?.item?.S ?? '') ?? [];
  return object && values ? `${object} is ${values[':status']?.S}, attempts: ${values[':attempts']?.N}` : undefined;
}

function stateOf(run: Execution, event: HistoryEvent): string {
  const previous = run.history[event.previousEventId - 1];
  if (!previous) return 'the run';
  return previous.type.endsWith('StateEntered') ? String(previous.details.name) : stateOf(run, previous);
}
