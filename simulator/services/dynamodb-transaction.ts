import { Json } from '../task';
import { ItemStore, TableDefinition } from './dynamodb-store';
import { DynamoDbError, invalid } from './dynamodb-value';
import { Fields, fields, optionalFields, text, unusable } from './fields';

interface Operation {
  readonly kind: keyof typeof ACTIONS;
  readonly data: Fields;
  readonly key: Fields;
}

/** A condition is checked by a deletion on that condition, which is undone. */
const ACTIONS = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem', ConditionCheck: 'deleteItem' } as const;

const LARGEST = 100;

/** All of the writes or none: they are made one by one, and undone when one fails. */
export function transactWriteItems(request: Fields, store: ItemStore, tables: readonly TableDefinition[]): Json {
  const operations = operationsOf(request, tables);
  const undo: (() => Json)[] = [];
  const reasons: string[] = [];
  for (const { kind, data, key } of operations) {
    try {
      const { Attributes } = store.perform(ACTIONS[kind], { ...data, ReturnValues: 'ALL_OLD' });
      const restore = () => Attributes === undefined
        ? store.perform('deleteItem', { TableName: data.TableName, Key: key as Json })
        : store.perform('putItem', { TableName: data.TableName, Item: Attributes });
      if (kind === 'ConditionCheck') restore();
      else undo.unshift(restore);
      reasons.push('None');
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  if (reasons.every(reason => reason === 'None')) return {};
  for (const restore of undo) restore();
  const message = 'Transaction cancelled, please refer cancellation reasons for specific reasons';
  throw new DynamoDbError('TransactionCanceledException', `${message} [${reasons.join(', ')}]`);
}

/** Items as they are at one moment, in the order in which they are asked for; one that is not there has an empty answer. */
export function transactGetItems(request: Fields, store: ItemStore): Json {
  const gets = transactItems(request).map(item => fields(fields({ item }, 'item'), 'Get'));
  return { Responses: gets.map(get => store.perform('getItem', { ...get, ConsistentRead: true })) };
}

function transactItems({ TransactItems: items }: Fields): Json[] {
  if (Array.isArray(items) && items.length > 0 && items.length <= LARGEST) return items;
  throw invalid(`TransactItems must have between 1 and ${LARGEST} members`);
}

function operationsOf(request: Fields, tables: readonly TableDefinition[]): Operation[] {
  const operations = transactItems(request).map(item => operationOf({ item }, tables));
  const targets = operations.map(({ data, key }) => JSON.stringify([data.TableName, key]));
  if (new Set(targets).size < targets.length) throw invalid('Transaction request cannot include multiple operations on one item');
  return operations;
}

function operationOf(from: Fields, tables: readonly TableDefinition[]): Operation {
  const item = fields(from, 'item');
  const kind = (Object.keys(ACTIONS) as Operation['kind'][]).find(name => name in item);
  if (!kind || Object.keys(item).length > 1) {
    return unusable(item, `Each of TransactItems has one of ${Object.keys(ACTIONS).join(', ')}`);
  }
  const data = fields(item, kind);
  return { kind, data, key: optionalFields(data, 'Key') ?? keyOfItem(data, tables) };
}

function keyOfItem(data: Fields, tables: readonly TableDefinition[]): Fields {
  const table = tables.find(({ tableName }) => tableName === text(data, 'TableName'));
  if (!table) throw new DynamoDbError('ResourceNotFoundException', 'Requested resource not found');
  const item = fields(data, 'Item');
  const names = [table.partitionKey, ...(table.sortKey ? [table.sortKey] : [])];
  return Object.fromEntries(names.map(name => [name, item[name]]));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof DynamoDbError)) throw error;
  return error.name.replace(/Exception$/, '').replace(/^Validation$/, 'ValidationError');
}
