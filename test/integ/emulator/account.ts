import { RunResult } from '../../../src/contract/run';

/** Minutes. A run on demand is named after the second in which it was asked for. */
export const BETWEEN_STARTS = 2;

/** A place that stacks are deployed to, and run in: the simulator, or an emulator that others wrote. */
export interface Account {
  deploy(assembly: string): Promise<DeployedPipeline>;
  close(): Promise<void>;
}

/** A stack with one pipeline, somewhere. Names are those that logical ids end in. */
export interface DeployedPipeline {
  /** What a Task Runner for this pipeline must know of where it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of all worker groups. */
  readonly activities: readonly string[];
  bucket(name: string): string;
  put(bucket: string, key: string): Promise<void>;
  /** Starts the Starter with each of the inputs, one after the other, and waits until nothing runs any more. */
  activate(inputs: readonly object[], meanwhile: (later: Later) => Promise<void>): Promise<void>;
  /** By name of the execution of the Run machine. */
  results(): Promise<ReadonlyMap<string, RunResult>>;
  /** All items of the Run table, as DynamoDB JSON. */
  items(): Promise<Item[]>;
}

/** Resolves when so many minutes of the pipeline's time have passed. */
export type Later = (minutes: number) => Promise<void>;

export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly SS?: readonly string[] }>>;

/** What is the same wherever the runs were: by run, statuses and attempts of objects, and which latches somebody waited on. */
export async function outcomes(pipeline: DeployedPipeline): Promise<Array<Record<string, string>>> {
  const items = await pipeline.items();
  // The runs of an on-demand pipeline are named after the moment.
  const runs = [...await pipeline.results()].sort(([a], [b]) => a < b ? -1 : 1);
  return runs.map(([run, { status, objects }]) => {
    const latches = items.filter(({ run: its, item }) => its.S === run && item.S?.startsWith('latch#'));
    return {
      run: status,
      ...Object.fromEntries(Object.entries(objects).map(([id, result]) => [id, `${result.status} ${result.attempts}`])),
      ...Object.fromEntries(latches.map(({ item, waiters }) => [String(item.S), waiters ? 'somebody waited' : 'nobody waited'])),
    };
  });
}
