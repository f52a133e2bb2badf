import { checkList, checkText, Text } from '../compiler/text';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';
import { ShellCommandProps } from './shell-command-props';
import { WorkerGroup } from '../resources/worker-group';

/** A checked shell command, as the compiler reads it. */
export interface ShellCommand {
  readonly workerGroup: WorkerGroup;
  readonly command?: Text;
  readonly scriptUri?: Text;
  readonly scriptArguments: Text[];
  readonly stdout?: Text;
  readonly stderr?: Text;
}

/** Checks the props, and lets the worker group read and write what they name in S3. */
export function shellCommand(object: PipelineObject, workerGroup: WorkerGroup, props: ShellCommandProps): ShellCommand {
  const { command, scriptUri } = props;
  if ((command === undefined) === (scriptUri === undefined)) {
    throw invalid(object, 'command', `exactly one of command and scriptUri says what to run; got: ${command === undefined ? 'none' : 'both'}`);
  }
  if (command?.trim() === '') throw invalid(object, 'command', `is empty; got: "${command}"; give a command for /bin/sh`);
  const text = (prop: string, value?: string): Text | undefined => value === undefined ? undefined : checkText(object, prop, value);
  if (scriptUri !== undefined) S3Location.of(object, 'scriptUri', scriptUri).grantRead(workerGroup);
  return {
    workerGroup,
    command: text('command', command),
    scriptUri: text('scriptUri', scriptUri),
    scriptArguments: checkList(object, 'scriptArgument', props.scriptArgument ?? []),
    stdout: text('stdout', copyTarget(object, 'stdout', workerGroup, props.stdout)),
    stderr: text('stderr', copyTarget(object, 'stderr', workerGroup, props.stderr)),
  };
}

/** An S3 URI, which is granted, or an absolute path on the host. */
function copyTarget(object: PipelineObject, prop: string, workerGroup: WorkerGroup, target?: string): string | undefined {
  if (target === undefined || target.startsWith('/')) return target;
  S3Location.of(object, prop, target, undefined, ', or a path on the host that begins with "/"').grantWrite(workerGroup);
  return target;
}
