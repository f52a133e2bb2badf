import { CopyTask, FileFormat } from '../../src/contract/copy';
import { ShellTask } from '../../src/contract/task';

/** A task that is valid and does nothing, with what a test is about. */
export function shellTask(change: Partial<ShellTask> = {}): ShellTask {
  return {
    version: 1,
    kind: 'shell',
    purpose: 'activity',
    pipeline: 'LogEtl',
    object: 'Extract',
    run: '2026-12-01T00-00-00Z',
    attempt: 1,
    command: change.scriptUri === undefined ? 'true' : undefined,
    scriptArguments: [],
    stage: false,
    inputs: [],
    outputs: [],
    logUri: 's3://logs/LogEtl/Extract/2026-12-01T00-00-00Z/1/',
    reportProgressTimeoutSeconds: 60,
    ...change,
  };
}

/** A task that copies one file or folder to another. */
export function copyTask(from: string, to: string, format?: FileFormat, as = format): CopyTask {
  const { version, pipeline, object, run, attempt, logUri, reportProgressTimeoutSeconds } = shellTask();
  const ends = { kind: 'files', manifest: false, compression: 'none' } as const;
  const input = { ...ends, object: 'In', uri: from, format };
  return { version, kind: 'copy', pipeline, object, run, attempt, logUri, reportProgressTimeoutSeconds, input, output: { ...ends, object: 'Out', uri: to, format: as } };
}
