import { DocumentReader } from '../../src/contract/document';
import { CommonTask } from '../../src/contract/task';
import { DatabaseDirectory } from '../databases/access';
import { Held } from '../journal';
import { Reports } from '../log';
import { AttemptLogs } from '../logs';
import { ObjectStore } from '../objects';
import { Processes } from '../process-group';
import { Storage } from '../storage';
import { AttemptDirectories } from '../workplace';

/** What work has at hand, in whatever thread. */
export interface WorkContext {
  readonly directories: AttemptDirectories;
  readonly logs: AttemptLogs;
  readonly log: Reports;
  readonly storage: Storage;
  readonly objects: ObjectStore;
  readonly databases: DatabaseDirectory;
  readonly processes: Pick<Processes, 'clock'>;
}

/** What commands have beside. */
export interface AttemptContext extends WorkContext {
  readonly held: Held;
  readonly processes: Processes;
  /** Task Runner's own. */
  readonly environment: NodeJS.ProcessEnv;
}

/** One kind of task. */
export interface Handler<Task extends CommonTask, Context extends WorkContext> {
  /** The fields of its own. @throws InvalidDocument naming the field */
  read(reader: DocumentReader): Omit<Task, keyof CommonTask>;
  /** Does the work until it is done or the signal is aborted. @throws TaskFailure */
  run(task: Task, context: Context, signal: AbortSignal): Promise<void>;
}

/** One that starts commands. */
export type CommandHandler<Task extends CommonTask> = Handler<Task, AttemptContext>;

/** One whose work is Task Runner's own. */
export type ThreadHandler<Task extends CommonTask> = Handler<Task, WorkContext>;
