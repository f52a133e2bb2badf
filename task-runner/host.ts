import { Connections, ConnectionSettings } from './connections';
import { Log } from './log';
import { Processes } from './process-group';
import { TaskService } from './service';
import { Workplace } from './workplace';

/** What the tasks of one Task Runner share. */
export interface Host {
  readonly hostname: string;
  readonly taskRunnerId: string;
  readonly service: TaskService;
  readonly connections: Connections;
  readonly settings: ConnectionSettings;
  readonly workplace: Workplace;
  readonly processes: Processes;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly random: () => number;
  /** No new task is begun. */
  readonly stopping: AbortSignal;
  /** Work is stopped, and failed so that it is retried. */
  readonly halted: AbortSignal;
  /** Nothing is waited for any longer, answers neither. */
  readonly abandoned: AbortSignal;
}
