import { Json, TaskHandler, TaskRequest } from '../task';
import { DYNAMODB_ACTIONS, DynamoDbAction, ItemStore, TableDefinition } from './dynamodb-store';
import { transactGetItems, transactWriteItems } from './dynamodb-transaction';
import { DynamoDbError } from './dynamodb-value';
import { argumentsOf, Fields, unusable } from './fields';
import { sdkFailure } from './integration';

/** DynamoDB in memory. Calls take effect one after the other, in the order in which they are made. */
export class DynamoDb {
  private readonly store: ItemStore;

  constructor(private readonly tables: readonly TableDefinition[]) {
    this.store = new ItemStore(tables);
  }

  public handlers(): Record<string, TaskHandler> {
    const named = (action: string, call: (data: Fields) => Json): [string, TaskHandler] =>
      [`aws-sdk:dynamodb:${action}`, async request => answer(request, call)];
    return Object.fromEntries([
      ...DYNAMODB_ACTIONS.map(action => named(action, data => this.store.perform(action, data))),
      named('transactGetItems', data => transactGetItems(data, this.store)),
      named('transactWriteItems', data => transactWriteItems(data, this.store, this.tables)),
    ]);
  }

  /** One call, as an SDK client would make it; what fails throws a DynamoDbError. */
  public async call(action: DynamoDbAction, data: Fields): Promise<Json> {
    return this.store.perform(action, data);
  }

  /** All items of a table, as DynamoDB JSON, for tests and displays. */
  public async items(tableName: string): Promise<Record<string, Json>[]> {
    const { Items } = await this.call('scan', { TableName: tableName }) as { Items: Record<string, Json>[] };
    return Items;
  }
}

/** What DynamoDB calls one thing and the Java SDK, whose names the integrations have, another. */
const SDK_NAMES: Readonly<Record<string, string>> = { SS: 'Ss', NS: 'Ns', BS: 'Bs', BOOL: 'Bool', NULL: 'Nul' };

/** Whether SDK integrations take DynamoDB's name or the SDK's is not established: a machine must do without. */
function refuseDoubtfulNames(value: Json, args: Fields): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (isValueOf(name, value)) unusable(args, `'${name}' may be '${SDK_NAMES[name]}' for the integration; use types of one letter`);
    refuseDoubtfulNames(each, args);
  }
}

function withSdkNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(withSdkNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [isValueOf(name, value) ? SDK_NAMES[name] : name, withSdkNames(each)]));
}

/** An attribute that happens to be called so has an object, not a list or a truth value. */
function isValueOf(type: string, value: object): boolean {
  const inner = (value as { [name: string]: Json })[type];
  return type in SDK_NAMES && Object.keys(value).length === 1 && (Array.isArray(inner) || typeof inner === 'boolean');
}

function answer(request: TaskRequest, call: (data: Fields) => Json): Json {
  try {
    const args = argumentsOf(request);
    refuseDoubtfulNames(request.arguments, args);
    return withSdkNames(call(args));
  } catch (error) {
    throw error instanceof DynamoDbError ? sdkFailure('DynamoDb', error.name, error.message) : error;
  }
}
