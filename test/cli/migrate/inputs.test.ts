import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readInputs, readValues } from '../../../cli/migrate/inputs';
import { DefinitionObject } from '../../../src/definition/definition';
import { describe as told } from '../../../src/definition/problem';

const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  return path;
}

const definition = { objects: [{ id: 'Default', schedule: { ref: 'Daily' } }, { id: 'Daily', type: 'Schedule', period: '1 day' }] };
const fieldsOf = ({ fields }: DefinitionObject) => Object.fromEntries(fields.map(({ name, values }) => [name, values]));

test('a definition, and what describe-objects says of one, are the same', () => {
  const api = {
    pipelineObjects: [
      { id: 'Default', name: 'Default', fields: [{ key: 'schedule', refValue: 'Daily' }] },
      { id: 'Daily', name: 'Daily', fields: [{ key: 'type', stringValue: 'Schedule' }, { key: 'period', stringValue: '1 day' }] },
    ],
  };
  const { inputs } = readInputs([file('daily.json', definition), file('api.json', api)]);
  expect(inputs.map(({ name }) => name)).toEqual(['daily', 'api']);
  for (const { definition: { objects } } of inputs) {
    expect(objects.map(fieldsOf)).toEqual([{ schedule: [{ ref: 'Daily' }] }, { type: ['Schedule'], period: ['1 day'] }]);
  }
});

test('a template in YAML has pipelines, with its parameters and what only CloudFormation knows as parameters', () => {
  const template = `
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Prefix: { Type: String, Default: logs, Description: Where logs go }
  Password: { Type: String, NoEcho: true, Default: hunter2 }
Resources:
  Logs: { Type: AWS::S3::Bucket }
  First:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: nightly
      ParameterObjects:
        - { Id: myTable, Attributes: [{ Key: default, StringValue: orders }] }
      ParameterValues: [{ Id: myTable, StringValue: sales }]
      PipelineObjects:
        - Id: Default
          Name: Default
          Fields:
            - { Key: pipelineLogUri, StringValue: !Sub 's3://\${Logs}/\${Prefix}/\${!HOUR}' }
            - { Key: region, StringValue: !Ref AWS::Region }
            - { Key: onFail, RefValue: !Ref Prefix }
            - { Key: onFail, RefValue: Other }
        - Id: !Ref Prefix
          Name: x
          Fields:
            - { Key: topicArn, StringValue: !Join [':', ['arn:aws:sns', !GetAtt Logs.Arn, plain]] }
            - { Key: '*password', StringValue: !Ref Password }
            - { Key: subject, StringValue: !If [Big, a, b] }
  Second:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: !Sub '\${Prefix}-second'
      PipelineObjects: []
`;
  const { inputs: [first, second] } = readInputs([file('template.yaml', template)]);
  expect([first.name, second.name]).toEqual(['nightly', 'Second']);
  const { objects, parameters, values } = first.definition;
  expect(objects.map(({ id }) => id)).toEqual(['Default', 'logs']);
  expect(objects.map(fieldsOf)).toEqual([
    { pipelineLogUri: ['s3://#{Logs}/#{Prefix}/${HOUR}'], region: ['#{awsRegion}'], onFail: [{ ref: 'logs' }, { ref: 'Other' }] },
    { 'topicArn': ['arn:aws:sns:#{LogsArn}:plain'], '*password': ['#{*Password}'], 'subject': ['#{IfAt28}'] },
  ]);
  expect(parameters.map(({ id }) => id)).toEqual(['myTable', 'Logs', 'Prefix', 'awsRegion', 'LogsArn', '*Password', 'IfAt28']);
  expect(parameters[2].attributes.map(({ name, values: [value] }) => [name, value]))
    .toEqual([['type', 'String'], ['description', 'Where logs go'], ['default', 'logs']]);
  expect(values).toEqual(new Map([['myTable', ['sales']]]));
  expect(objects[0].fields[0].at).toEqual({ line: 19, column: 15 });
});

test('a template in JSON, and a definition in YAML', () => {
  const Properties = { Name: 'p', PipelineObjects: [{ Id: 'A', Name: 'A', Fields: [{ Key: 'command', StringValue: { 'Fn::Sub': ['${x}-${y}', { x: 'a', y: { Ref: 'Y' } }] } }] }] };
  const template = { Resources: { P: { Type: 'AWS::DataPipeline::Pipeline', Properties }, Q: { Type: 'AWS::S3::Bucket' } } };
  const { inputs } = readInputs([file('template.json', template), file('plain.yml', 'objects:\n  - id: A\n    stage: true\n    maximumRetries: 2\n')]);
  expect(inputs.map(({ name, definition: { objects } }) => [name, objects.map(fieldsOf)])).toEqual([
    ['p', [{ command: ['a-#{Y}'] }]],
    ['plain', [{ stage: ['true'], maximumRetries: ['2'] }]],
  ]);
});

test('what Terraform shows, in modules, too', () => {
  const values = {
    pipeline_id: 'df-1',
    pipeline_object: [{ id: 'Default', name: 'Default', field: [{ key: 'schedule', string_value: '', ref_value: 'Daily' }, { key: 'period', string_value: '1 day', ref_value: '' }] }],
    parameter_object: [{ id: 'myX', attribute: [{ key: 'default', string_value: '1' }] }],
    parameter_value: [{ id: 'myX', string_value: '2' }],
  };
  const resource = { type: 'aws_datapipeline_pipeline_definition', name: 'nightly', values };
  const { inputs: [input] } = readInputs([file('state.json', { values: { root_module: { child_modules: [{ resources: [{ type: 'other' }, resource] }] } } })]);
  expect(input.name).toBe('nightly');
  expect(input.definition.objects.map(fieldsOf)).toEqual([{ schedule: [{ ref: 'Daily' }], period: ['1 day'] }]);
  expect(input.definition.parameters.map(({ id }) => id)).toEqual(['myX']);
  expect(input.definition.values).toEqual(new Map([['myX', ['2']]]));
});

test('a folder has its definitions by the names that list-pipelines gives, and other files', () => {
  file('many/list.json', { pipelineIdList: [{ id: 'df-0123', name: 'Hourly' }] });
  file('many/df-0123.json', definition);
  file('many/deep/df-4567.json', definition);
  file('many/values.json', { values: { myX: '1' } });
  file('many/notes.txt', 'none');
  const { inputs, others } = readInputs([join(folder, 'many')]);
  expect(inputs.map(({ name }) => name)).toEqual(['df-4567', 'Hourly']);
  expect(others.map((path) => path.slice(folder.length))).toEqual(['/many/list.json', '/many/values.json']);
});

test('values of parameters, in each form', () => {
  expect(readValues(file('v1.json', { values: { myX: '1', myY: 2, myZ: ['a', 'b'] } }))).toEqual({ myX: ['1'], myY: ['2'], myZ: ['a', 'b'] });
  expect(readValues(file('v2.json', { parameterValues: [{ id: 'myX', stringValue: '1' }, { id: 'myX', stringValue: '2' }] }))).toEqual({ myX: ['1', '2'] });
  expect(readValues(file('v3.json', { myX: 'x' }))).toEqual({ myX: ['x'] });
  expect(() => readValues(file('v4.json', { values: { myX: {} } }))).toThrow('v4.json:3:12 error myX.myX: is neither a text');
});

test.each([
  ['comma.json', '{\n  "objects": [\n    { "id": "A" },\n  ]\n}', /^4:3 error no JSON: a comma before the end/],
  ['mark.json', '\uFEFF{}', /^1:1 error the file begins with a byte-order mark/],
  ['bad.yaml', 'a: [1\nb: 2', /^\d+:\d+ error no YAML: /],
  ['deep.yaml', '['.repeat(100) + ']'.repeat(100), /^1:\d+ error lists and maps are nested deeper than 64/],
  ['self.yaml', 'a: &a [*a]', /^1:\d+ error (no YAML|lists and maps are nested deeper)/],
])('%s is told of with its place, and keeps no other from being read', (name, content, message) => {
  const { inputs: [bad, good] } = readInputs([file(name, content), file('good.json', definition)]);
  expect(told(bad.problems[0])).toMatch(message);
  expect(good.definition.objects).toHaveLength(2);
  expect(() => readValues(bad.file)).toThrow(`${bad.file}:`);
});

test('a file without a definition', () => {
  expect(() => readInputs([file('none.json', '{"values":{}}')])).toThrow('none.json: holds no definition');
});

test('a file that is not there', () => {
  expect(() => readInputs([join(folder, 'nowhere.json')])).toThrow('nowhere.json: there is no such file');
});
