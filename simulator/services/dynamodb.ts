import { Json, TaskHandler, TaskRequest } from '../task';
import { DYNAMODB_ACTIONS, DynamoDbAction, ItemStore, TableDefinition } from './dynamodb-store';
import { transactGetItems, transactWriteItems } from './dynamodb-transaction';
import { DynamoDbError } from './dynamodb-value';
import { argumentsOf, Fields } from './fields';
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

function answer(request: TaskRequest, call: (data: Fields) => Json): Json {
  try {
    return call(argumentsOf(request));
  } catch (error) {
    throw error instanceof DynamoDbError ? sdkFailure('DynamoDb', error.name, error.message) : error;
  }
}
