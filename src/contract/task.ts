/**
 * A task as Task Runner receives it, and what it answers.
 *
 * A new kind of task is an interface here that extends CommonTask and joins TaskRunnerTask; a handler of it in task-runner/handlers, which
 * joins HANDLERS there; and an activity whose work has kind `taskRunner` with the fields of the new kind as its `task`.
 */
import type { CopyTask } from './copy';
import type { SqlParts, TaskDatabase } from './database';

/** What all tasks have in common. */
export interface CommonTask {
  readonly version: 1;
  readonly kind: string;
  readonly pipeline: string;
  readonly object: string;
  readonly run: string;
  /** From 1. */
  readonly attempt: number;
  /** S3 URI of the folder for this attempt's logs, ending in `/`. */
  readonly logUri: string;
  /** Task Runner reports progress more often than this. */
  readonly reportProgressTimeoutSeconds: number;
}

/** A place in S3 that is copied to the host before the work, or from it afterwards. */
export interface StagedLocation {
  /** Id of the data node. */
  readonly object: string;
  /** An S3 URI. A directory ends in `/`; anything else is one object. */
  readonly uri: string;
}

/** A shell command or script. */
export interface ShellTask extends CommonTask {
  readonly kind: 'shell';
  /** `precondition`: an exit code other than 0 means "not yet", answered as PRECONDITION_NOT_HELD. */
  readonly purpose: 'activity' | 'precondition';
  /** Text for the shell; exactly one of `command` and `scriptUri` is given. */
  readonly command?: string;
  /** S3 URI of a script that is fetched and executed. */
  readonly scriptUri?: string;
  /** `$1`, `$2`, ... of the command or script. */
  readonly scriptArguments: readonly string[];
  /** Whether inputs and outputs are staged. */
  readonly stage: boolean;
  /** Copied to INPUT1_STAGING_DIR, INPUT2_STAGING_DIR, ... */
  readonly inputs: readonly StagedLocation[];
  /** Copied from OUTPUT1_STAGING_DIR, OUTPUT2_STAGING_DIR, ... after exit code 0. */
  readonly outputs: readonly StagedLocation[];
  /** S3 URIs (or paths on the host) that receive copies of stdout and stderr. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** Preconditions only: ISO-8601; a check that does not hold at or after it is answered as PRECONDITION_TIMED_OUT. */
  readonly deadline?: string;
}

/** Statements for a database. */
export interface SqlTask extends CommonTask {
  readonly kind: 'sql';
  readonly database: TaskDatabase;
  /** Exactly one of `script` and `scriptUri` is given. */
  readonly script?: SqlParts;
  /** S3 URI of a script that is fetched. */
  readonly scriptUri?: string;
  /** For each `?` of the script in turn. */
  readonly scriptArguments: readonly string[];
  /** Of Amazon Redshift: the query group. */
  readonly queue?: string;
}

/** Steps as Amazon EMR has them, for the programs of the host. */
export interface StepsTask extends CommonTask {
  readonly kind: 'steps';
  /** One after the other. */
  readonly steps: readonly TaskStep[];
}

/** Of `COMMAND_RUNNER` the arguments are a command, of `SCRIPT_RUNNER` the URI of a script and its arguments; else of the jar's main class. */
export interface TaskStep {
  readonly name: string;
  /** S3 URI of a jar, or the path of one on the host. */
  readonly jar: string;
  readonly mainClass?: string;
  readonly args: readonly string[];
  /** Of Java, for jars: no value has a space in it. */
  readonly properties: { readonly [name: string]: string };
}

export const COMMAND_RUNNER = 'command-runner.jar';
/** Wherever Amazon EMR has it: each Region has its own. */
export const SCRIPT_RUNNER = /(^|\/)script-runner\.jar$/;

export type TaskRunnerTask = ShellTask | SqlTask | CopyTask | StepsTask;

/** Output of a task that succeeded. */
export interface TaskSuccess {
  readonly exitCode: 0;
  readonly hostname: string;
  readonly taskRunnerId: string;
  /** S3 URI of the attempt's logs. */
  readonly logUri: string;
}
