import { HANDLERS } from './handlers/handlers';
import { DocumentReader } from '../src/contract/document';
import { AN_S3_URI, S3_FOLDER_URI } from '../src/contract/s3';
import { CommonTask, TaskRunnerTask } from '../src/contract/task';

/** @throws InvalidDocument naming the field */
export function readTask(input: string): TaskRunnerTask {
  const reader = new DocumentReader(parsed(input), 'task');
  const kind = reader.oneOf('kind', Object.keys(HANDLERS) as Array<TaskRunnerTask['kind']>);
  const common: CommonTask = {
    version: reader.oneOf('version', [1]),
    kind,
    pipeline: reader.text('pipeline'),
    object: reader.text('object'),
    run: reader.text('run'),
    attempt: reader.count('attempt'),
    logUri: reader.matching('logUri', S3_FOLDER_URI, `${AN_S3_URI}, that ends in '/'`),
    reportProgressTimeoutSeconds: reader.count('reportProgressTimeoutSeconds'),
  };
  return { ...common, ...HANDLERS[kind].read(reader) } as TaskRunnerTask;
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
