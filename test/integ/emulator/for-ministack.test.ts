import { rewritten, withoutResources } from './for-ministack';
import { JsonObject } from '../../../simulator/json';
import { branch, machine, TASK, Trial } from '../../simulator/machine';

test('a machine for the emulator comes to the same', async () => {
  const work = { Type: 'Task', Resource: TASK, TimeoutSeconds: '{% $limit %}', Output: '{% $states.input %}' };
  const inner = { Type: 'Parallel', Arguments: {}, Branches: [branch({ C: { ...work, End: true } })], Assign: { p_2: '{% $states.result %}' }, Output: {}, Next: 'D' };
  const definition = machine({
    A: { Type: 'Pass', Assign: { limit: 5 }, Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Arguments: {},
      Branches: [branch({ B: { ...work, End: true } }), branch({ Inner: inner, D: { Type: 'Pass', Output: '{% $p_2 %}', End: true } })],
      Assign: { p_1: '{% $states.result %}' },
      Output: {},
      Next: 'Done',
    },
    Done: { Type: 'Succeed', Output: { both: '{% $p_1 %}', input: '{% $states.input %}' } },
  }) as JsonObject;
  const { definition: changed, changes } = rewritten(definition);
  expect(changes).toEqual([
    'B: without its time limit', 'C: without its time limit', 'Inner: Parallel as Map', 'Both: Parallel as Map', 'Done: Succeed as Pass',
  ]);
  expect(await new Trial(definition).finish()).toEqual({ status: 'SUCCEEDED', output: { both: [{}, [{}]], input: {} } });
  expect(await new Trial(changed).finish()).toEqual(await new Trial(definition).finish());
});

test('a template for the emulator names what stands elsewhere, and puts out all ids', () => {
  const resource = (Type: string, Properties: object, DependsOn: string[]) => ({ Type, Properties, DependsOn });
  const template = {
    Resources: {
      Hosts: resource('AWS::StepFunctions::Activity', {}, []),
      Run: resource('AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Join': ['', ['{', { Ref: 'Hosts' }, { Ref: 'Table' }, '}']] } }, ['Hosts', 'Table']),
      Table: resource('AWS::DynamoDB::Table', {}, []),
    },
  };
  expect(withoutResources(template, { Hosts: 'arn:hosts' })).toEqual({
    Resources: {
      Run: resource('AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Join': ['', ['{', 'arn:hosts', { Ref: 'Table' }, '}']] } }, ['Table']),
      Table: template.Resources.Table,
    },
    Outputs: { IdRun: { Value: { Ref: 'Run' } }, IdTable: { Value: { Ref: 'Table' } } },
  });
});
