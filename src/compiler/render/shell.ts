/** The document that Task Runner receives, and the Task that hands it over. */
import { Duration } from 'aws-cdk-lib';
import type { ShellCommand } from '../../activities/shell-command';
import type { ShellTask } from '../../contract/task';
import type { PipelineObject } from '../../pipeline-object';
import { Asl, jsonata } from '../asl';
import { Text } from '../text';
import { Staged } from '../work';
import { RunContext } from './context';
import { RETRY_ATTEMPT } from './result';

/** A ShellTask whose values may be JSONata. */
type Document = { readonly [field in keyof ShellTask]: unknown };

export interface ShellTaskProps {
  readonly purpose: ShellTask['purpose'];
  readonly stage: boolean;
  readonly inputs: readonly Staged[];
  readonly outputs: readonly Staged[];
  readonly reportProgressTimeout: Duration;
  /** JSONata. */
  readonly deadline?: string;
}

export function shellDocument(context: RunContext, object: PipelineObject, shell: ShellCommand, props: ShellTaskProps): Asl {
  const field = (text?: Text): unknown => text && context.texts.field(text);
  const staged = (nodes: readonly Staged[]): unknown => nodes.map(({ object: id, uri }) => ({ object: id, uri: field(uri) }));
  const document: Document = {
    version: 1,
    kind: 'shell',
    purpose: props.purpose,
    pipeline: context.pipeline.pipelineName,
    object: object.objectId,
    run: jsonata('$run'),
    attempt: jsonata(RETRY_ATTEMPT),
    command: field(shell.command),
    scriptUri: field(shell.scriptUri),
    scriptArguments: shell.scriptArguments.map(field),
    stage: props.stage,
    inputs: staged(props.inputs),
    outputs: staged(props.outputs),
    logUri: context.logUri(object, RETRY_ATTEMPT),
    stdout: field(shell.stdout),
    stderr: field(shell.stderr),
    reportProgressTimeoutSeconds: props.reportProgressTimeout.toSeconds(),
    deadline: props.deadline && jsonata(props.deadline),
  };
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

/** TimeoutSeconds and HeartbeatSeconds count from the moment that a Task Runner takes the task. */
export function shellLimits(reportProgressTimeout: Duration, attemptTimeout?: number): Asl {
  const heartbeat = reportProgressTimeout.toSeconds();
  return {
    ...(attemptTimeout === undefined ? {} : { TimeoutSeconds: attemptTimeout }),
    ...(attemptTimeout === undefined || heartbeat < attemptTimeout ? { HeartbeatSeconds: heartbeat } : {}),
  };
}
