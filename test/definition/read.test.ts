import { describe as inWords } from '../../src/definition/problem';
import { readDefinition } from '../../src/definition/read';

const problemsOf = (text: string): string[] => readDefinition(text).problems.map(inWords);

test('objects have fields, in lists or not, with their places', () => {
  const { value, problems } = readDefinition(`{"objects": [
    {"id": "A", "name": "An activity", "type": "ShellCommandActivity",
     "maximumRetries": 3, "stage": true, "dependsOn": [{"ref": "B"}], "scriptArgument": [], "output": null}]}`);
  expect(problems).toEqual([]);
  expect(value.objects).toEqual([{
    id: 'A',
    name: 'An activity',
    at: { line: 2, column: 5 },
    fields: [
      { name: 'type', values: ['ShellCommandActivity'], list: false, at: { line: 2, column: 40 } },
      { name: 'maximumRetries', values: ['3'], list: false, at: { line: 3, column: 6 } },
      { name: 'stage', values: ['true'], list: false, at: { line: 3, column: 27 } },
      { name: 'dependsOn', values: [{ ref: 'B' }], list: true, at: { line: 3, column: 42 } },
      { name: 'scriptArgument', values: [], list: true, at: { line: 3, column: 71 } },
      { name: 'output', values: [], list: false, at: { line: 3, column: 93 } },
    ],
  }]);
});

const FIELDS = { id: 'A', name: undefined, fields: [{ name: 'output', values: [{ ref: 'B' }, { ref: 'C' }], list: true }, { name: 'command', values: ['x'], list: false }] };

test.each([
  ['the API', '{"pipelineObjects": [{"id": "A", "fields": [{"key": "output", "refValue": "B"}, {"key": "command", "stringValue": "x"}, {"key": "output", "refValue": "C"}]}]}'],
  ['the API in Pascal case', '{"PipelineObjects": [{"Id": "A", "Fields": [{"Key": "output", "RefValue": "B"}, {"Key": "command", "StringValue": "x"}, {"Key": "output", "RefValue": "C"}]}]}'],
  ['a repeated key', '{"objects": [{"id": "A", "output": {"ref": "B"}, "command": "x", "output": {"ref": "C"}}]}'],
])('as %s has it, a key that comes again is a list', (_, text) => {
  expect(readDefinition(text).value.objects).toMatchObject([FIELDS]);
});

test.each([
  ['{"objects": [], "parameters": [{"id": "myDay", "type": "String", "default": "1"}], "values": {"myDay": "2", "myList": ["a", "b"]}}'],
  ['{"pipelineObjects": [], "parameterObjects": [{"id": "myDay", "attributes": [{"key": "type", "stringValue": "String"}, {"key": "default", "stringValue": "1"}]}], "parameterValues": [{"id": "myDay", "stringValue": "2"}, {"id": "myList", "stringValue": "a"}, {"id": "myList", "stringValue": "b"}]}'],
])('parameters and their values: %s', (text) => {
  const { value: { parameters, values } } = readDefinition(text);
  expect(parameters).toMatchObject([{ id: 'myDay', attributes: [{ name: 'type', values: ['String'] }, { name: 'default', values: ['1'] }] }]);
  expect([...values]).toEqual([['myDay', ['2']], ['myList', ['a', 'b']]]);
});

test.each([
  ['a comma before the end', '{"objects": [\n  {"id": "A"},\n]}', ['3:1 error no JSON: a comma before the end']],
  ['a comment', '{ // none\n"objects": []}', ['1:3 error no JSON: invalid comment token']],
  ['a line break in a text', '{"objects": [{"id": "A\nB"}]}', ['1:21 error no JSON: unexpected end of string']],
  ['a byte-order mark', '\uFEFF{"objects": []}', ['1:1 error the file begins with a byte-order mark; save it as UTF-8 without one']],
  ['nothing', '', ['1:1 error no JSON: value expected']],
  ['no objects', '{"object": []}', ['1:1 error "objects" is missing; a definition is { "objects": [{ "id": ..., ... }, ...] }']],
  ['objects that are none', '{"objects": {}}', ['1:13 error "objects" is no list; a definition is { "objects": [{ "id": ..., ... }, ...] }']],
  ['an object without an id', '{"objects": [{"name": "A"}]}', ['1:14 error the id of the object is missing; give it one of letters and digits']],
  ['the same id twice', '{"objects": [{"id": "A"}, {"id": "A"}]}', ['1:27 error A: is the id of two objects; give each its own']],
  ['a field that is an object', '{"objects": [{"id": "A", "command": {"cmd": "x"}}]}', ['1:37 error A.command: is neither a text, a number, true, false, { "ref": "<id>" } nor a list of those']],
  ['depth', '['.repeat(100_000), ['1:65 error lists and objects are nested deeper than 64; a definition needs 4']],
])('%s is an error with its place', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});
