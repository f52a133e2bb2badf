import { DocumentReader } from '../../src/contract/document';
import { CommonTask } from '../../src/contract/task';
import { DatabaseDirectory } from '../databases/access';
import { Held } from '../journal';
import { Log } from '../log';
import { AttemptLogs } from '../logs';
import { ObjectStore } from '../objects';
import { Processes } from '../process-group';
import { Storage } from '../storage';
import { AttemptDirectories } from '../workplace';

/** What an attempt has at hand. */
export interface AttemptContext {
  readonly directories: AttemptDirectories;
  readonly logs: AttemptLogs;
  readonly log: Log;
  readonly held: Held;
  readonly storage: Storage;
  readonly objects: ObjectStore;
  readonly databases: DatabaseDirectory;
  readonly processes: Processes;
  /** Task Runner's own. */
  readonly environment: NodeJS.ProcessEnv;
}

/** One kind of task. */
export interface Handler<Task extends CommonTask> {
  /** The fields of its own. @throws InvalidDocument naming the field */
  read(reader: DocumentReader): Omit<Task, keyof CommonTask>;
  /** Does the work until it is done or the signal is aborted. @throws TaskFailure */
  run(task: Task, context: AttemptContext, signal: AbortSignal): Promise<void>;
}
