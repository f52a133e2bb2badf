import { shellTask } from './tasks';
import { INVALID_TASK } from '../../src/contract/errors';
import { readTask } from '../../task-runner/task';

test('reads what it is sent', () => {
  const task = shellTask({
    stage: true,
    scriptArguments: ['', 'a b'],
    inputs: [{ object: 'Raw', uri: 's3://data/raw/' }],
    outputs: [{ object: 'Clean', uri: 's3://data/clean/x' }],
    stdout: 's3://data/out',
    stderr: '/var/log/err',
    deadline: '2026-12-01T01:00:00Z',
  });
  expect(readTask(JSON.stringify(task))).toEqual(task);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a kind of a later version', { kind: 'dream' }, 'kind: is "dream"; it must be one of "shell"'],
  ['neither command nor script', { command: undefined }, 'command: is missing; it must be given where scriptUri is not, and only there'],
  ['both', { scriptUri: 's3://data/x.sh' }, 'command: is "true"'],
  ['a script elsewhere', { command: undefined, scriptUri: 'https://data/x.sh' }, 'scriptUri: is "https://data/x.sh"; it must be an S3 URI'],
  ['an attempt 0', { attempt: 0 }, 'attempt: is 0; it must be a whole number from 1'],
  ['arguments that are no strings', { scriptArguments: ['a', 1] }, 'scriptArguments: is ["a",1]; it must be a list of strings'],
  ['a null character', { scriptArguments: ['a\0b'] }, 'scriptArguments'],
  ['an input without a URI', { inputs: [{ object: 'Raw' }] }, 'task: inputs[0]: uri: is missing'],
  ['an output that is no object', { outputs: ['s3://data/x/'] }, 'task: outputs[0]: document: is "s3://data/x/"'],
  ['a log folder without its slash', { logUri: 's3://logs/x' }, 'logUri: is "s3://logs/x"'],
  ['a relative copy of stdout', { stdout: 'out.txt' }, 'stdout: is "out.txt"; it must be an S3 URI, or an absolute path on the host'],
  ['a timeout of no length', { reportProgressTimeoutSeconds: 0 }, 'reportProgressTimeoutSeconds: is 0'],
  ['a deadline that is none', { deadline: 'tomorrow' }, 'deadline: is "tomorrow"'],
])('refuses %s', (_, change, problem) => {
  const read = () => readTask(JSON.stringify({ ...shellTask(), ...change }));
  expect(read).toThrow(problem);
  expect(read).toThrow(expect.objectContaining({ name: INVALID_TASK }));
});
