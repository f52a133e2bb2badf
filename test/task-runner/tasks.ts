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
