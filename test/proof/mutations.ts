/** Deliberate mistakes: what a Run machine would be if the compiler made them. Each must be noticed. */
import { isObject, JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

export interface Mutation {
  readonly name: string;
  readonly alter: (definition: Json) => Json;
}

type Change = (state: JsonObject, name: string) => JsonObject;

/** Changes every state, of branches too. */
function everyState(name: string, change: Change): Mutation {
  return { name, alter: (definition) => changed(definition, change) };
}

function changed(value: Json, change: Change): Json {
  if (Array.isArray(value)) return value.map((each) => changed(each, change));
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each, change)]));
  if (!isObject(inner.States ?? null)) return inner;
  const states = Object.entries(inner.States as JsonObject).map(([name, state]) => [name, change(state as JsonObject, name)]);
  return { ...inner, States: Object.fromEntries(states) as JsonObject };
}

const calls = (integration: string) => ({ Resource = '' }: JsonObject) => String(Resource).endsWith(`:::${integration}`);
const isShell = ({ Resource = '' }: JsonObject) => String(Resource).includes(':activity:');
const isActivity = (name: string) => /^A\d+$/.test(name);
const NEVER = '{% false %}';

/** The choices that lead to a status never hold. */
function never(status: string): Change {
  return (state) => (!Array.isArray(state.Choices) ? state : {
    ...state,
    Choices: (state.Choices as JsonObject[])
      .map((rule) => (JSON.stringify(rule.Assign ?? {}).includes(status) ? { ...rule, Condition: NEVER } : rule)),
  });
}

export const MUTATIONS: readonly Mutation[] = [
  everyState('a latch that is awaited without asking whether it is open', (state) => {
    if (!calls('aws-sdk:dynamodb:updateItem.waitForTaskToken')(state)) return state;
    const { ConditionExpression, ...given } = state.Arguments as JsonObject;
    return ConditionExpression === 'attribute_not_exists(results)' ? { ...state, Arguments: given } : state;
  }),
  everyState('a signal that wakes nobody', (state, name) => (name.endsWith('wake') && state.Type === 'Map' ? { ...state, Items: [] } : state)),
  {
    name: 'two latches that are swapped where they are opened',
    alter: (definition) => changed(definition, (state, name) => (!name.endsWith(': signal') ? state : JSON.parse(
      JSON.stringify(state).replace(/latch#([12])"/g, (_, latch: string) => `latch#${latch === '1' ? 2 : 1}"`)) as JsonObject)),
  },
  everyState('work whose errors nobody catches', (state, name) => (isActivity(name) && Array.isArray(state.Catch)
    ? { ...state, Catch: (state.Catch as JsonObject[]).map((catcher) => ({ ...catcher, ErrorEquals: ['Nothing.Such'] })) } : state)),
  everyState('a failed attempt that is not repeated', (state, name) => (isActivity(name) && isShell(state)
    ? { ...state, Retry: (state.Retry as JsonObject[]).map((retry) => ({ ...retry, MaxAttempts: 0 })) } : state)),
  everyState('a delay before the next attempt that is too long', (state, name) => (name.endsWith(': retry delay') ? { ...state, Seconds: 11 } : state)),
  everyState('a check that is not repeated', (state) => (calls('lambda:invoke')(state)
    ? { ...state, Retry: (state.Retry as JsonObject[]).map((retry) => ({ ...retry, MaxAttempts: 0 })) } : state)),
  everyState('a failure that does not cascade', never('CASCADE_FAILED')),
  everyState('a dependency that failed and holds nobody back', never('WAITING_ON_DEPENDENCIES')),
  everyState('what had finished before runs again', (state) => (!Array.isArray(state.Choices) ? state : {
    ...state, Choices: (state.Choices as JsonObject[]).map((rule) => (String(rule.Condition).includes('in $finished') ? { ...rule, Condition: NEVER } : rule)),
  })),
  everyState('a cluster that is not ended', (state) => (calls('elasticmapreduce:terminateCluster')(state)
    ? { ...state, Resource: String(state.Resource).replace('elasticmapreduce:terminateCluster', 'aws-sdk:s3:putObject') } : state)),
  everyState('a launch that failed and is not repeated', (state, name) => (name.endsWith(': launch delay') ? { ...state, Seconds: 100_000 } : state)),
  everyState('an attempt without its timeout', (state, name) => {
    const { TimeoutSeconds, ...others } = state;
    return isActivity(name) && TimeoutSeconds !== undefined ? others : state;
  }),
  everyState('alarms that nobody hears', (state) => (calls('sns:publish')(state) ? { ...state, Arguments: { TopicArn: 'x', Subject: 'x', Message: 'x' } } : state)),
  everyState('a status that is not written', (state, name) => (/: settle/.test(name) && calls('aws-sdk:dynamodb:updateItem')(state)
    ? { ...state, Resource: String(state.Resource).replace('dynamodb:updateItem', 's3:putObject') } : state)),
];
