import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import jsonata from 'jsonata';
import { folder, pipeline, shell } from './fixture';
import { Json } from '../../simulator/task';
import { EmrActivity, EmrCluster, EmrStep, S3KeyExistsPrecondition } from '../../src';
import { compact, compactJsonata } from '../../src/compiler/compact';
import { compile } from '../../src/compiler/compile';

test.each([
  ['"a" & $b & "c d"', "'a'&$b&'c d'"],
  ['$a in ["x", "y"] ? 1 : 2', "$a in ['x','y']?1:2"],
  ['$not($a) and $b or c', '$not($a) and $b or c'],
  ['"it\'s" & "a \\"b\\"" & \'c  "d\'', '"it\'s"&"a \\"b\\""&\'c  "d\''],
  ['$match($a & "", /"x": {1,2}\\/ y/)[0].match', "$match($a&'',/\"x\": {1,2}\\/ y/)[0].match"],
  ['($a - 2) / 3 - $b / 4 / 5', '($a-2)/3-$b/4/5'],
])('%s is as short as %s', (source, short) => {
  expect(compactJsonata(source)).toBe(short);
  expect(meaning(compactJsonata(source))).toEqual(meaning(source));
});

test('every expression of a machine means what it meant', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  const key = new S3KeyExistsPrecondition(scope, 'Key', { s3Key: "s3://data/#{format(@scheduledStartTime, 'YYYY')}/it's" });
  const steps = [EmrStep.command(['do', "#{format(@scheduledStartTime, \"d 'of' MMMM\")}"])];
  const first = new EmrActivity(scope, 'First', { runsOn: cluster, steps, preconditions: [key] });
  const second = new EmrActivity(scope, 'Second', { runsOn: cluster, steps, output: [folder(scope, 'Out')] });
  shell(scope, 'Third', { dependsOn: [first, second] });
  shell(scope, 'Fourth', { dependsOn: [first] });
  const { definition } = compile(scope._runs);
  const [before, after] = [definition, compact(definition)].map((machine) => expressions(machine).filter((each) => each !== '$k1'));
  expect(before.length).toBeGreaterThan(200);
  expect(after.map(meaning)).toEqual(before.map(meaning));
});

test('what many states name is a variable, and retries do not say what is so without them', () => {
  const stack = new Stack(new App(), 'Stack');
  const topic = new CfnParameter(stack, 'Topic').valueAsString;
  const retry = { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 2 };
  const state = (index: number) => ({ Type: 'Task', Arguments: { TopicArn: topic, Subject: 's' }, Retry: [retry], Next: `S${index + 1}` });
  const states = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`S${index}`, state(index)]));
  const machine = { StartAt: 'S0', States: { ...states, S12: { Type: 'Succeed' } } };
  const { States } = compact(machine) as { States: Record<string, Json> };
  expect(States.S0).toEqual({ ...state(0), Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }], Assign: { k1: topic } });
  expect(States.S1).toEqual({ ...state(1), Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }], Arguments: { TopicArn: '{%$k1%}', Subject: 's' } });
});

/** What the parser makes of an expression, wherever it stands. */
function meaning(expression: string): Json {
  return JSON.parse(JSON.stringify(jsonata(expression).ast(), (name, value: Json) => name === 'position' ? undefined : value)) as Json;
}

function expressions(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('{%') ? [value.slice(2, -2).trim()] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressions) : [];
}
