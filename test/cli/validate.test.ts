import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { validated } from '../../cli/validate';

const folder = mkdtempSync(join(tmpdir(), 'validate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, definition: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(definition, undefined, 1));
  return file;
}

const DEFAULT = { id: 'Default', scheduleType: 'ondemand', pipelineLogUri: '#{myLogs}' };
const WORK = { id: 'Work', type: 'ShellCommandActivity', command: 'true', maximumRetries: 'many', workerGroup: 'hosts' };

test('each problem is a line, with the place of the field', () => {
  const file = written('wrong.json', { objects: [DEFAULT, WORK] });
  expect(validated([file], { parameter: { myLogs: 's3://logs/' } })).toEqual({
    lines: [`${file}:12:4 error Work.maximumRetries: is a whole number; got: "many"`, `${file}: wrong: 1 error, 0 warnings`],
    errors: 1,
  });
});

test('what constructs refuse has its place, too', () => {
  const file = written('refused.json', { objects: [DEFAULT, { ...WORK, maximumRetries: '1000' }] });
  const values = written('values.json', { values: { myLogs: 's3://logs/' } });
  expect(validated([file], { parameters: values, parameter: {} }).lines).toEqual([
    expect.stringMatching(/refused\.json:12:4 error Work\.maximumRetries: .*100/), `${file}: refused: 1 error, 0 warnings`,
  ]);
});
