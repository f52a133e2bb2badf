import fc from 'fast-check';
import { Dynalite } from './dynalite';
import { isObject, JsonObject } from '../../simulator/json';
import { DynamoDbAction, ItemStore } from '../../simulator/services/dynamodb-store';
import { DynamoDbError } from '../../simulator/services/dynamodb-value';
import { Fields } from '../../simulator/services/fields';
import { Json } from '../../simulator/task';

const TABLE = { tableName: 'Table', partitionKey: 'run', sortKey: 'item' };

/** Few names and values, so that operations meet. */
const name = fc.constantFrom('#a', '#b', '#c');
const literal = fc.constantFrom(':s', ':t', ':n', ':m', ':set', ':part', ':numbers', ':list', ':flag', ':map');
const NAMES: JsonObject = { '#a': 'a', '#b': 'status', '#c': 'c' };
const VALUES: JsonObject = {
  ':s': { S: 'x' },
  ':t': { S: 'xy' },
  ':n': { N: '1' },
  ':m': { N: '12.50' },
  ':set': { SS: ['x', 'y'] },
  ':part': { SS: ['y', 'z'] },
  ':numbers': { NS: ['1', '2'] },
  ':list': { L: [{ S: 'x' }] },
  ':flag': { BOOL: true },
  ':map': { M: { k: { N: '1' } } },
};

// Two attributes are not compared with each other: dynalite holds missing ones to be equal.
const operand = fc.oneof(name, fc.constant('#a.k'), name.map(each => `size(${each})`));
const scalar = fc.constantFrom(':s', ':t', ':n', ':m');
const simple = fc.oneof(
  fc.tuple(operand, fc.constantFrom('=', '<>'), literal).map(parts => parts.join(' ')),
  fc.tuple(operand, fc.constantFrom('<', '<=', '>', '>='), scalar).map(parts => parts.join(' ')),
  name.map(each => `attribute_exists(${each})`),
  name.map(each => `attribute_not_exists(${each})`),
  fc.tuple(name, fc.constantFrom(':s', ':t')).map(([each, prefix]) => `begins_with(${each}, ${prefix})`),
  fc.tuple(name, fc.constantFrom(':s', ':n')).map(([each, part]) => `contains(${each}, ${part})`),
  fc.tuple(name, scalar, scalar).map(([each, one, other]) => `${each} IN (${one}, ${other})`),
  name.map(each => `${each} BETWEEN :n AND :m`),
);
const condition = fc.oneof(
  simple,
  fc.tuple(simple, fc.constantFrom('AND', 'OR'), simple).map(parts => parts.join(' ')),
  fc.tuple(simple, simple, simple).map(([one, two, three]) => `${one} OR (NOT ${two}) AND ${three}`),
);
const setting = fc.oneof(
  fc.tuple(name, literal).map(([to, value]) => `${to} = ${value}`),
  fc.tuple(name, name).map(([to, from]) => `${to} = ${from}`),
  fc.tuple(name, name, literal).map(([to, from, value]) => `${to} = if_not_exists(${from}, ${value})`),
  fc.tuple(name, name, fc.constantFrom('+', '-'), fc.constantFrom(':n', ':m'))
    .map(([to, from, sign, value]) => `${to} = if_not_exists(${from}, :n) ${sign} ${value}`),
  name.map(to => `${to} = list_append(:list, if_not_exists(${to}, :list))`),
  fc.constant('#a.k = :n'),
);
const update = fc.oneof(
  setting.map(each => `SET ${each}`),
  fc.tuple(setting, setting).map(all => `SET ${all.join(', ')}`),
  name.map(each => `REMOVE ${each}`),
  fc.tuple(name, fc.constantFrom(':n', ':set', ':part', ':numbers')).map(([each, value]) => `ADD ${each} ${value}`),
  fc.tuple(name, fc.constantFrom(':set', ':part', ':numbers')).map(([each, value]) => `DELETE ${each} ${value}`),
  fc.tuple(name, literal, name).map(([to, value, each]) => `SET ${to} = ${value} ADD ${each} :part`),
);
const key = fc.record({ run: fc.constantFrom('r', 's'), item: fc.constantFrom('i', 'j') }).map(({ run, item }): JsonObject => ({ run: { S: run }, item: { S: item } }));
const optionally = (field: string, values: fc.Arbitrary<Json>) => fc.option(values, { nil: undefined })
  .map(value => (value === undefined ? {} : { [field]: value }));
const attributes = fc.array(fc.tuple(fc.constantFrom('a', 'status', 'c'), literal), { maxLength: 3 })
  .map(all => Object.fromEntries(all.map(([to, value]) => [to, VALUES[value]])));

const operation: fc.Arbitrary<readonly [DynamoDbAction, JsonObject]> = fc.oneof(
  fc.tuple(key, optionally('ProjectionExpression', fc.constantFrom('#a', '#a, #b'))).map(([Key, more]) => ['getItem', { Key, ...more }] as const),
  fc.tuple(key, attributes, optionally('ConditionExpression', condition), optionally('ReturnValues', fc.constantFrom('NONE', 'ALL_OLD')))
    .map(([Key, item, ...more]) => ['putItem', Object.assign({ Item: { ...Key, ...item } }, ...more)] as const),
  fc.tuple(key, update, optionally('ConditionExpression', condition), optionally('ReturnValues', fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW')))
    .map(([Key, UpdateExpression, ...more]) => ['updateItem', Object.assign({ Key, UpdateExpression }, ...more)] as const),
  fc.tuple(key, optionally('ConditionExpression', condition), optionally('ReturnValues', fc.constantFrom('NONE', 'ALL_OLD')))
    .map(([Key, ...more]) => ['deleteItem', Object.assign({ Key }, ...more)] as const),
  fc.tuple(optionally('FilterExpression', condition), optionally('ScanIndexForward', fc.boolean()), optionally('Limit', fc.integer({ min: 1, max: 3 })))
    .map(more => ['query', Object.assign({ KeyConditionExpression: 'run = :r AND begins_with(#item, :i)' }, ...more)] as const),
);

/** Only the placeholders that are used may be given. */
function request(given: JsonObject): Fields {
  const text = JSON.stringify(given);
  const names = { ...NAMES, '#item': 'item' };
  const values = { ...VALUES, ':r': { S: 'r' }, ':i': { S: 'i' } };
  const used = (all: JsonObject) => Object.fromEntries(Object.entries(all).filter(([token]) => new RegExp(`${token}\\b`).test(text)));
  const given_ = { ExpressionAttributeNames: used(names), ExpressionAttributeValues: used(values) };
  return { TableName: 'Table', ...given, ...Object.fromEntries(Object.entries(given_).filter(([, each]) => Object.keys(each).length > 0)) };
}

/** Sets have no order. */
function unordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(unordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([type, inner]) => [type, /^[SN]S$/.test(type) ? [...inner as string[]].sort() : unordered(inner)]));
}

async function outcome(call: () => Promise<Json>): Promise<Json> {
  try {
    return unordered(await call());
  } catch (error) {
    if (!(error instanceof DynamoDbError)) throw error;
    return error.name;
  }
}

/** Of a scan, whatever its order. */
function itemsOf(answer: Json): string[] {
  const { Items } = unordered(answer) as { Items: JsonObject[] };
  return Items.map(item => JSON.stringify(Object.entries(item).sort())).sort();
}

test('operations on items come to what they come to in dynalite', async () => {
  const kinds = new Map<string, number>();
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async operations => {
    const dynalite = new Dynalite();
    await dynalite.createTable(TABLE);
    const store = new ItemStore([TABLE]);
    for (const [action, given] of operations) {
      const asked = request(given);
      const expected = await outcome(() => dynalite.perform(action, asked));
      expect([asked, await outcome(async () => store.perform(action, asked))]).toEqual([asked, expected]);
      const kind = `${action} ${typeof expected === 'string' ? expected : 'answered'}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    const all = { TableName: 'Table' };
    expect(itemsOf(store.perform('scan', all))).toEqual(itemsOf(await dynalite.perform('scan', all)));
  }), { numRuns: 300, seed: 1 });
  for (const action of ['putItem', 'updateItem', 'deleteItem']) {
    expect(kinds.get(`${action} answered`)).toBeGreaterThan(20);
    expect(kinds.get(`${action} ConditionalCheckFailedException`)).toBeGreaterThan(20);
  }
  expect(kinds.get('updateItem ValidationException')).toBeGreaterThan(20);
  expect(kinds.get('query answered')).toBeGreaterThan(20);
}, 60_000);
