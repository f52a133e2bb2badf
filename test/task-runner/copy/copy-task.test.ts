import { CopyTask } from '../../../src/contract/copy';
import { INVALID_TASK } from '../../../src/contract/errors';
import { readTask } from '../../../task-runner/task';
import { shellTask } from '../tasks';

const { pipeline, object, run, attempt, logUri, reportProgressTimeoutSeconds } = shellTask();
const TASK: CopyTask = {
  ...{ version: 1, kind: 'copy', pipeline, object, run, attempt, logUri, reportProgressTimeoutSeconds },
  input: {
    kind: 'files',
    object: 'Raw',
    uri: 's3://data/raw/..',
    manifest: false,
    compression: 'gzip',
    format: { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n', escapeChar: '\\' },
  },
  output: {
    kind: 'files',
    object: 'Out',
    uri: 'file:///var/data/..x/',
    manifest: false,
    compression: 'none',
    format: { kind: 'regEx', inputRegEx: '(a)', outputFormat: '%1$s' },
  },
};

test('reads what it is sent', () => {
  expect(readTask(JSON.stringify(TASK))).toEqual(TASK);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a relative path', { uri: 'file://var' }, 'task: output: uri: is "file://var"; it must be an S3 URI, or \'file:///\''],
  ['a path that leads upwards', { uri: 'file:///var/../etc/passwd' }, 'uri'],
  ['one that ends so', { uri: 'file:///var/..' }, 'uri'],
  ['a path of nowhere', { uri: 'file:///./x' }, 'uri'],
  ['another place', { uri: 'https://data/x' }, 'uri'],
  ['a kind of a later version', { kind: 'dream' }, 'task: output: kind: is "dream"'],
  ['a separator of two characters', { format: { kind: 'delimited', quoted: true, columnSeparator: '||', recordSeparator: '\n' } }, 'task: output: format: columnSeparator'],
])('refuses %s', (_, change, problem) => {
  const read = () => readTask(JSON.stringify({ ...TASK, output: { ...TASK.output, ...change } }));
  expect(read).toThrow(problem);
  expect(read).toThrow(expect.objectContaining({ name: INVALID_TASK }));
});
