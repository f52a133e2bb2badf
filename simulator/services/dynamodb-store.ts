/** Items in memory, and the operations on them: what those of DynamoDB do, at once. */
import { Condition, parseCondition } from './dynamodb-condition';
import { at, Path, Placeholders, Tokens } from './dynamodb-expression';
import { parseUpdate, Update } from './dynamodb-update';
import { compared, DynamoDbError, invalid, Item, itemOf } from './dynamodb-value';
import { asJson, Fields, fields, optionalFields, optionalNumber, optionalText, text, unusable } from './fields';
import { JsonObject } from '../json';

/** A table whose keys are strings. */
export interface TableDefinition {
  readonly tableName: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export type DynamoDbAction = keyof typeof ACTIONS;

const LARGEST_ITEM = 400 * 1024;

const EXPRESSIONS = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];
const CONDITIONAL = ['TableName', 'ConditionExpression', 'ReturnValues', ...EXPRESSIONS];
const LISTING = ['TableName', 'FilterExpression', 'ProjectionExpression', 'Limit', 'ExclusiveStartKey', 'Select', 'ConsistentRead', ...EXPRESSIONS];

const ACTIONS = {
  getItem: ['TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', ...EXPRESSIONS],
  putItem: ['Item', ...CONDITIONAL],
  updateItem: ['Key', 'UpdateExpression', ...CONDITIONAL],
  deleteItem: ['Key', ...CONDITIONAL],
  query: ['KeyConditionExpression', 'ScanIndexForward', ...LISTING],
  scan: LISTING,
};

export const DYNAMODB_ACTIONS = Object.keys(ACTIONS) as DynamoDbAction[];

export class ItemStore {
  private readonly tables: ReadonlyMap<string, ItemTable>;

  constructor(definitions: readonly TableDefinition[]) {
    this.tables = new Map(definitions.map(definition => [definition.tableName, new ItemTable(definition)]));
  }

  /** What fails throws a DynamoDbError. */
  public perform(action: DynamoDbAction, given: Fields): JsonObject {
    const unknown = Object.keys(given).find(name => !ACTIONS[action].includes(name));
    if (unknown) unusable(given, `The field '${unknown}' is not supported by ${action}`);
    const table = this.tables.get(text(given, 'TableName'));
    if (!table) throw new DynamoDbError('ResourceNotFoundException', 'Requested resource not found');
    return asJson(table[action](given)) as JsonObject;
  }
}

class ItemTable {
  private readonly items = new Map<string, Item>();
  private readonly keys: readonly string[];

  constructor({ partitionKey, sortKey }: TableDefinition) {
    this.keys = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  }

  public getItem(given: Fields): JsonObject {
    const [placeholders, project] = projectionOf(given);
    placeholders.requireAllUsed();
    const item = this.items.get(this.idOf(this.key(given)));
    return item ? { Item: project(item) } : {};
  }

  public putItem(given: Fields): JsonObject {
    const item = itemOf(fields(given, 'Item') as JsonObject);
    const key = this.keyIn(item);
    if (!key) throw invalid('One or more parameter values were invalid: Missing or mistyped key in the item');
    return this.write(given, key, () => item, [], ['NONE', 'ALL_OLD']);
  }

  public updateItem(given: Fields): JsonObject {
    const key = this.key(given);
    const placeholders = new Placeholders(given);
    const expression = optionalText(given, 'UpdateExpression');
    const update: Update = expression === undefined ? { attributes: [], apply: item => item } : parseUpdate(new Tokens(expression, placeholders));
    const partOfKey = update.attributes.find(name => this.keys.includes(name));
    if (partOfKey !== undefined) throw invalid(`One or more parameter values were invalid: Cannot update attribute ${partOfKey}. This attribute is part of the key`);
    return this.write(given, key, old => update.apply(old ?? key), update.attributes, ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'], placeholders);
  }

  public deleteItem(given: Fields): JsonObject {
    return this.write(given, this.key(given), () => undefined, [], ['NONE', 'ALL_OLD']);
  }

  public query(given: Fields): JsonObject {
    const [placeholders, project] = projectionOf(given);
    const matches = parseCondition(new Tokens(text(given, 'KeyConditionExpression'), placeholders));
    const all = this.sorted().filter(matches);
    return this.page(given, given.ScanIndexForward === false ? all.reverse() : all, placeholders, project);
  }

  public scan(given: Fields): JsonObject {
    const [placeholders, project] = projectionOf(given);
    return this.page(given, this.sorted(), placeholders, project);
  }

  /** One write, on its condition. */
  private write(
    given: Fields, key: Item, next: (old?: Item) => Item | undefined, updated: readonly string[], answers: readonly string[],
    placeholders = new Placeholders(given),
  ): JsonObject {
    const holds = conditionOf(given, 'ConditionExpression', placeholders);
    placeholders.requireAllUsed();
    const answer = optionalText(given, 'ReturnValues') ?? 'NONE';
    if (!answers.includes(answer)) throw invalid(`ReturnValues is ${answer}; it can be ${answers.join(', ')}`);
    const id = this.idOf(key);
    const old = this.items.get(id);
    if (!holds(old ?? {})) throw new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed');
    const item = next(old);
    if (item && Buffer.byteLength(JSON.stringify(item)) > LARGEST_ITEM) throw invalid('Item size to update has exceeded the maximum allowed size');
    if (item) this.items.set(id, item);
    else this.items.delete(id);
    const returned = answer.endsWith('OLD') ? old : answer.endsWith('NEW') ? item : undefined;
    const attributes = returned && (answer.startsWith('UPDATED') ? picked(returned, updated.map(name => [name])) : returned);
    return attributes ? { Attributes: attributes } : {};
  }

  private page(given: Fields, all: readonly Item[], placeholders: Placeholders, project: (item: Item) => Item): JsonObject {
    const matches = conditionOf(given, 'FilterExpression', placeholders);
    placeholders.requireAllUsed();
    const start = optionalFields(given, 'ExclusiveStartKey');
    const from = start ? all.findIndex(item => this.idOf(item) === this.idOf(itemOf(start as JsonObject))) + 1 : 0;
    const limit = optionalNumber(given, 'Limit') ?? all.length;
    const read = all.slice(from, from + limit);
    const found = read.filter(matches).map(project);
    const more = from + limit < all.length || optionalNumber(given, 'Limit') === read.length && read.length > 0;
    return {
      ...given.Select === 'COUNT' ? {} : { Items: found },
      Count: found.length,
      ScannedCount: read.length,
      ...more ? { LastEvaluatedKey: picked(read[read.length - 1], this.keys.map(name => [name])) } : {},
    };
  }

  private key(given: Fields): Item {
    const key = itemOf(fields(given, 'Key') as JsonObject);
    if (!this.keyIn(key) || Object.keys(key).length !== this.keys.length) throw invalid('The provided key element does not match the schema');
    return key;
  }

  private keyIn(item: Item): Item | undefined {
    return this.keys.every(name => typeof item[name]?.S === 'string' && item[name].S !== '') ? picked(item, this.keys.map(name => [name])) : undefined;
  }

  private idOf(key: Item): string {
    return JSON.stringify(this.keys.map(name => key[name]?.S));
  }

  private sorted(): Item[] {
    return [...this.items.values()].sort((a, b) => this.keys.map(name => compared(a[name], b[name]) ?? 0).find(order => order !== 0) ?? 0);
  }
}

function conditionOf(given: Fields, field: string, placeholders: Placeholders): Condition {
  const expression = optionalText(given, field);
  return expression === undefined ? () => true : parseCondition(new Tokens(expression, placeholders));
}

function projectionOf(given: Fields): [Placeholders, (item: Item) => Item] {
  const placeholders = new Placeholders(given);
  const expression = optionalText(given, 'ProjectionExpression');
  if (expression === undefined) return [placeholders, item => item];
  const tokens = new Tokens(expression, placeholders);
  const paths = [tokens.path()];
  while (tokens.take(',')) paths.push(tokens.path());
  if (!tokens.done || paths.some(path => path.length > 1)) tokens.refuse();
  return [placeholders, item => picked(item, paths)];
}

/** Attributes by their names. */
function picked(item: Item, paths: readonly Path[]): Item {
  return Object.fromEntries(paths.flatMap(path => {
    const value = at(item, path);
    return value ? [[String(path[0]), value]] : [];
  }));
}

