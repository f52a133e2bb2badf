import { checkList, checkText, Text } from '../compiler/text';
import { TaskTemplate } from '../compiler/work';
import { ShellTask } from '../contract/task';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';
import { ShellCommandProps } from './shell-command-props';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** A task with a checked shell command, and nothing that is staged for it. */
export function shellCommand(object: PipelineObject, purpose: ShellTask['purpose'], host: ITaskRunnerHost, props: ShellCommandProps): TaskTemplate<ShellTask> {
  const { command, scriptUri } = props;
  if ((command === undefined) === (scriptUri === undefined)) {
    throw invalid(object, 'command', `exactly one of command and scriptUri says what to run; got: ${command === undefined ? 'none' : 'both'}`);
  }
  if (command?.trim() === '') throw invalid(object, 'command', `is empty; got: "${command}"; give a command for /bin/sh`);
  const text = (prop: string, value?: string): Text | undefined => value === undefined ? undefined : checkText(object, prop, value);
  if (scriptUri !== undefined) S3Location.of(object, 'scriptUri', scriptUri).grantRead(host);
  return {
    kind: 'shell',
    purpose,
    command: text('command', command),
    scriptUri: text('scriptUri', scriptUri),
    scriptArguments: checkList(object, 'scriptArgument', props.scriptArgument ?? []),
    stage: false,
    inputs: [],
    outputs: [],
    stdout: text('stdout', copyTarget(object, 'stdout', host, props.stdout)),
    stderr: text('stderr', copyTarget(object, 'stderr', host, props.stderr)),
  };
}

/** An S3 URI, which is granted, or an absolute path on the host. */
function copyTarget(object: PipelineObject, prop: string, host: ITaskRunnerHost, target?: string): string | undefined {
  if (target === undefined || target.startsWith('/')) return target;
  S3Location.of(object, prop, target, undefined, ', or a path on the host that begins with "/"').grantWrite(host);
  return target;
}
