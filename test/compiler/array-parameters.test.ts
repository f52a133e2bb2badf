/** Parameters that are lists: how many values there are is known when a run is activated. */
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { pipeline, shell } from './fixture';
import { runMachine } from './machines';
import { readStarterInput } from '../../lambda/calendar/starter-input';
import { VirtualClock } from '../../simulator/clock';
import { Evaluator } from '../../simulator/jsonata';
import { Json } from '../../simulator/task';
import {
  Ec2Resource, EmrActivity, EmrCluster, EmrStep, ParameterType, Pipeline, PipelineProps, RedshiftDatabase, ShellCommandActivity, SqlActivity,
  StepFunctionsActivity,
} from '../../src';

const TABLES = { arrayParameters: { myTables: ['orders', "it's"] }, parameters: { myDay: 'monday' } };
const NONE = { myTables: [] };
const THREE = { myTables: ['a', '', 'a,b'] };

/** A field of a machine in a run with these parameters. */
async function inRun(field: unknown, parameters: object = {}): Promise<Json> {
  const variables = { parameters: parameters as Json, run: 'r', a_Work_n: 1, scheduledStartTime: '2026-12-01T00:00:00Z' };
  return new Evaluator(new VirtualClock(0), () => 0).evaluate(field as Json, { variables, states: { context: { Task: { Token: 't' } } } }, 'field');
}

/** Arguments of the state `Work`. */
function argumentsOf(scope: Pipeline): any {
  return runMachine(scope).States.Work.Arguments;
}

describe('each value is an argument', () => {
  const scriptArgument = ['-v', "#{'--' + myTables}=#{myDay}", '#{@scheduledStartTime}'];

  test.each<[object, string[]]>([
    [{}, ['--orders=monday', "--it's=monday"]],
    [{ myDay: 'today', ...THREE }, ['--a=today', '--=today', '--a,b=today']],
    [{ myTables: 'one' }, ['--one=monday']],
    [NONE, []],
  ])('of a script on a host, given %j', async (parameters, expected) => {
    const scope = pipeline(TABLES);
    shell(scope, 'Work', { scriptUri: 's3://scripts/a.sh', scriptArgument });
    expect(await inRun(argumentsOf(scope).scriptArguments, parameters)).toEqual(['-v', ...expected, '2026-12-01T00:00:00Z']);
  });

  test.each([[{}, ['orders', "it's"]], [NONE, []], [THREE, THREE.myTables]])('of a script on an instance, given %j', async (parameters, expected) => {
    const scope = pipeline(TABLES);
    new ShellCommandActivity(scope, 'Work', { runsOn: new Ec2Resource(scope, 'Host'), command: 'true', scriptArgument: ['#{myTables}'] });
    const [sent] = await inRun(argumentsOf(scope).Parameters.Task, parameters) as string[];
    expect(JSON.parse(decodeURIComponent(sent)).task.scriptArguments).toEqual(expected);
  });

  test.each([[{}, ['orders', "it's"]], [NONE, []], [THREE, THREE.myTables]])('of a step, given %j', async (parameters, expected) => {
    const scope = pipeline(TABLES);
    const steps = [EmrStep.sparkSubmit({ entryPoint: 's3://code/a.py', arguments: ['#{myTables}', '-'] })];
    new EmrActivity(scope, 'Work', { runsOn: new EmrCluster(scope, 'Cluster'), steps });
    expect(await inRun(argumentsOf(scope).Step.HadoopJarStep.Args, parameters)).toEqual(['spark-submit', '--deploy-mode', 'cluster', 's3://code/a.py', ...expected, '-']);
  });

  test('of what two of them make of a text: each pair', async () => {
    const scope = pipeline({ arrayParameters: { a: ['1', '2'], b: ['3', '4', '5'] }, parameterTypes: { b: ParameterType.INTEGER } });
    shell(scope, 'Work', { scriptArgument: ['#{a}-#{b + 1}-#{a}'] });
    const given = (parameters: object) => inRun(argumentsOf(scope).scriptArguments, parameters);
    expect(await given({})).toEqual(['1-4-1', '1-5-1', '1-6-1', '2-4-2', '2-5-2', '2-6-2']);
    expect(await given({ b: ['0'] })).toEqual(['1-1-1', '2-1-2']);
    expect(await given({ a: [] })).toEqual([]);
  });
});

test('states of the user\'s own are told of the values', async () => {
  const scope = pipeline(TABLES);
  new StepFunctionsActivity(scope, 'Work', { definition: Pass.jsonata(scope, 'Own') });
  const { parameters } = JSON.parse(JSON.stringify(argumentsOf(scope).Input)) as { parameters: string };
  expect(await inRun(parameters)).toEqual({ myDay: 'monday', myTables: TABLES.arrayParameters.myTables });
  expect(await inRun(parameters, NONE)).toEqual({ myDay: 'monday', myTables: [] });
});

describe('a step as AWS Data Pipeline writes it', () => {
  const steps = (props: Partial<PipelineProps>, ...texts: string[]) => {
    const scope = pipeline(props);
    new EmrActivity(scope, 'Work', { runsOn: new EmrCluster(scope, 'Cluster'), steps: texts.map((text) => EmrStep.fromString(text)) });
    const { States } = runMachine(scope);
    const all = Object.entries(States).filter(([name]) => /^Work(: step \d)?$/.test(name));
    return { scope, fields: all.map(([, { Arguments }]: [string, any]) => Arguments.Step.HadoopJarStep) };
  };

  test.each([
    [{}, { Jar: 's3://code/a.jar', Args: ['monday', 'b'] }],
    [{ myStep: 's3://code/b.jar' }, { Jar: 's3://code/b.jar', Args: ['b'] }],
    [{ myStep: 'command-runner.jar,echo,a\\\\,b\\,c,File\\\\.gz,' }, { Jar: 'command-runner.jar', Args: ['echo', 'a,b,c', 'File\\.gz', '', 'b'] }],
  ])('may be a parameter, commas included: %j', async (parameters, expected) => {
    const { fields: [field] } = steps({ parameters: { myStep: 's3://code/a.jar,monday' } }, '#{myStep},b');
    expect(await inRun(field, parameters)).toEqual(expected);
  });

  test('is as many as an array parameter has values, and no activation gives others', async () => {
    const { scope, fields } = steps({ arrayParameters: { mySteps: ['a.jar,1,#{@id}', 'b.jar'] } }, '#{mySteps}', 'c.jar');
    expect(await inRun(fields)).toEqual([{ Jar: 'a.jar', Args: ['1', 'Work'] }, { Jar: 'b.jar', Args: [] }, { Jar: 'c.jar', Args: [] }]);
    expect(scope._parameters.rules).toEqual({ parameters: ['mySteps'], arrayParameters: ['mySteps'], fixedParameters: { mySteps: 'steps of Work' } });
  });

  test('divides what the run knows', async () => {
    const { fields } = steps({ arrayParameters: { mySteps: ['a.jar', 'b.jar'] } }, '#{mySteps},at #{@scheduledStartTime}');
    expect(await inRun(fields)).toEqual(['a.jar', 'b.jar'].map((Jar) => ({ Jar, Args: ['at 2026-12-01T00:00:00Z'] })));
  });

  test('must be one at least', () => {
    expect(() => steps({ arrayParameters: { mySteps: [] } }, '#{mySteps}')).toThrow('Stack/P/Work: steps: is empty; got: an array parameter without values');
  });
});

test('arguments that become SQL are those of the deployment', async () => {
  const scope = pipeline(TABLES);
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
  new SqlActivity(scope, 'Work', { database, script: 'SELECT ?, ?', scriptArgument: ['#{myTables}'] });
  expect(scope._parameters.rules.fixedParameters).toEqual({ myTables: 'scriptArgument of Work' });
  expect(await inRun(argumentsOf(scope).Sqls)).toEqual(["SELECT 'orders', 'it''s'"]);
});

test.each<[object, object | string]>([
  [{ myTables: ['1', '2'] }, { myTables: ['1', '2'] }],
  [{ myTables: '1' }, { myTables: ['1'] }],
  [{ myTables: [] }, { myTables: [] }],
  [{ myTables: ['1', 'x'] }, 'Parameters of other types: myTables is of type Integer; got: "x"'],
  [{ myTables: [1] }, 'input: parameters: myTables: is [1]; it must be a list of strings'],
  [{ myDay: ['1'] }, 'input: parameters: myDay: is ["1"]; it must be a string'],
  [{ mySteps: ['a.jar'] }, 'Parameters that a deployment decides on: mySteps, which makes steps of Work; deploy the pipeline with other values, or leave them out'],
])('an activation with %j', (parameters, expected) => {
  const known = {
    onDemand: true,
    now: 0,
    parameters: ['myTables', 'mySteps', 'myDay'],
    arrayParameters: ['myTables', 'mySteps'],
    parameterTypes: { myTables: 'Integer' },
    fixedParameters: { mySteps: 'steps of Work' },
  };
  const read = () => readStarterInput({ parameters }, known);
  if (typeof expected === 'string') expect(read).toThrow(expected);
  else expect(read()).toEqual({ kind: 'activation', parameters: expected });
});

test.each<[string, () => unknown, string]>([
  ['one text', () => shell(pipeline(TABLES), 'Work', { command: 'ls #{myTables}' }),
    'Stack/P/Work: command: an array parameter makes as many texts of this one as it has values, and there is room for one only; name it in a prop that is a list, '
    + 'such as scriptArgument or the arguments of a step; got: "ls #{myTables}"'],
  ['a parameter, too', () => pipeline({ parameters: { a: '' }, arrayParameters: { a: [] } }), 'Stack/P: arrayParameters: are not parameters, too; got: a in both'],
  ['a text', () => pipeline({ arrayParameters: { a: 'b' as unknown as string[] } }), 'Stack/P: arrayParameters: a is a list of texts; got: "b"; give one, or give it in parameters'],
  ['no name', () => pipeline({ arrayParameters: { 'a-b': [] } }), 'Stack/P: arrayParameters: are named by a letter, then letters, digits and "_"; got: "a-b"'],
  ['another type', () => pipeline({ arrayParameters: { a: ['1', 'x'] }, parameterTypes: { a: ParameterType.INTEGER } }),
    'Stack/P: arrayParameters: a is of type Integer; got: "x"; give a default of that type'],
])('an array parameter as %s is refused', (_, make, message) => expect(make).toThrow(message));
