import { DocumentReader } from '../src/contract/document';
import { S3_FOLDER_URI, S3_URI } from '../src/contract/s3';
import { ShellTask, StagedLocation, TaskRunnerTask } from '../src/contract/task';

const AN_S3_URI = "an S3 URI, such as 's3://bucket/key'";

/** @throws InvalidDocument naming the field */
export function readTask(input: string): TaskRunnerTask {
  const reader = new DocumentReader(parsed(input), 'task');
  return {
    version: reader.oneOf('version', [1]),
    kind: reader.oneOf('kind', ['shell']),
    purpose: reader.oneOf('purpose', ['activity', 'precondition']),
    pipeline: reader.text('pipeline'),
    object: reader.text('object'),
    run: reader.text('run'),
    attempt: reader.count('attempt'),
    ...commandOrScript(reader),
    scriptArguments: reader.texts('scriptArguments'),
    stage: reader.flag('stage'),
    inputs: reader.list('inputs', staged),
    outputs: reader.list('outputs', staged),
    logUri: reader.matching('logUri', S3_FOLDER_URI, `${AN_S3_URI}, that ends in '/'`),
    stdout: copyTarget(reader, 'stdout'),
    stderr: copyTarget(reader, 'stderr'),
    reportProgressTimeoutSeconds: reader.count('reportProgressTimeoutSeconds'),
    deadline: reader.optionalTime('deadline'),
  };
}

function commandOrScript(reader: DocumentReader): Pick<ShellTask, 'command' | 'scriptUri'> {
  if (reader.has('command') === reader.has('scriptUri')) reader.refuse('command', 'given where scriptUri is not, and only there');
  return reader.has('command') ? { command: reader.text('command') } : { scriptUri: reader.matching('scriptUri', S3_URI, AN_S3_URI) };
}

function staged(item: unknown, name: string): StagedLocation {
  const reader = new DocumentReader(item, `task: ${name}`);
  return { object: reader.text('object'), uri: reader.matching('uri', S3_URI, AN_S3_URI) };
}

function copyTarget(reader: DocumentReader, name: 'stdout' | 'stderr'): string | undefined {
  if (!reader.has(name)) return undefined;
  return reader.matching(name, /^(s3:\/\/[^/]+\/.*|\/[^\0]*[^/\0])$/s, 'an S3 URI, or an absolute path on the host');
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
