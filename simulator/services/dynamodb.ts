import { Json, TaskHandler, TaskRequest } from '../task';
import { Dynalite, DYNAMODB_ACTIONS, DynamoDbAction, DynamoDbError, TableDefinition } from './dynalite';
import { transactGetItems, transactWriteItems } from './dynamodb-transaction';
import { argumentsOf, Fields } from './fields';
import { sdkFailure } from './integration';

/** DynamoDB in memory. Calls take effect one after the other, in the order in which they are made. */
export class DynamoDb {
  private readonly dynalite = new Dynalite();
  private last: Promise<unknown>;

  constructor(private readonly tables: readonly TableDefinition[]) {
    this.last = Promise.all(tables.map(table => this.dynalite.createTable(table)));
  }

  public handlers(): Record<string, TaskHandler> {
    const named = (action: string, call: (data: Fields) => Promise<Json>): [string, TaskHandler] =>
      [`aws-sdk:dynamodb:${action}`, request => request.clock.busy(answer(request, call))];
    return Object.fromEntries([
      ...DYNAMODB_ACTIONS.map(action => named(action, data => this.call(action, data))),
      named('transactGetItems', data => this.inTurn(() => transactGetItems(data, this.dynalite))),
      named('transactWriteItems', data => this.inTurn(() => transactWriteItems(data, this.dynalite, this.tables))),
    ]);
  }

  /** One call, as an SDK client would make it; what fails throws a DynamoDbError. */
  public call(action: DynamoDbAction, data: Fields): Promise<Json> {
    return this.inTurn(() => this.dynalite.perform(action, data));
  }

  /** All items of a table, as DynamoDB JSON, for tests and displays. */
  public async items(tableName: string): Promise<Record<string, Json>[]> {
    const { Items } = await this.call('scan', { TableName: tableName }) as { Items: Record<string, Json>[] };
    return Items;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}

async function answer(request: TaskRequest, call: (data: Fields) => Promise<Json>): Promise<Json> {
  try {
    return await call(argumentsOf(request));
  } catch (error) {
    throw error instanceof DynamoDbError ? sdkFailure('DynamoDb', error.name, error.message) : error;
  }
}
