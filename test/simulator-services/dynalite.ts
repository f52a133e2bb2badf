/// <reference path="./dynalite.d.ts" />
import deleteItem from 'dynalite/actions/deleteItem';
import getItem from 'dynalite/actions/getItem';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import updateItem from 'dynalite/actions/updateItem';
import { create } from 'dynalite/db';
import { checkTypes, checkValidations } from 'dynalite/validations';
import deleteItemRules from 'dynalite/validations/deleteItem';
import getItemRules from 'dynalite/validations/getItem';
import putItemRules from 'dynalite/validations/putItem';
import queryRules from 'dynalite/validations/query';
import scanRules from 'dynalite/validations/scan';
import updateItemRules from 'dynalite/validations/updateItem';
import { DynamoDbAction, TableDefinition } from '../../simulator/services/dynamodb-store';
import { DynamoDbError } from '../../simulator/services/dynamodb-value';
import { asJson, Fields } from '../../simulator/services/fields';
import { Json } from '../../simulator/task';

const ACTIONS = {
  getItem: { run: getItem, rules: getItemRules },
  putItem: { run: putItem, rules: putItemRules },
  updateItem: { run: updateItem, rules: updateItemRules },
  deleteItem: { run: deleteItem, rules: deleteItemRules },
  query: { run: query, rules: queryRules },
  scan: { run: scan, rules: scanRules },
};

/** dynalite's parsers and operations on its store in memory, without its server: what the simulator's DynamoDB is held against. */
export class Dynalite {
  private readonly store = create();

  public createTable({ tableName, partitionKey, sortKey }: TableDefinition): Promise<void> {
    const keys = [partitionKey, ...(sortKey ? [sortKey] : [])];
    const table = {
      TableName: tableName,
      TableStatus: 'ACTIVE',
      AttributeDefinitions: keys.map(name => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keys.map((name, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    };
    return new Promise((resolve, reject) => this.store.tableDb.put(tableName, table, error => (error ? reject(error) : resolve())));
  }

  public async perform(action: DynamoDbAction, given: Fields): Promise<Json> {
    const { run, rules } = ACTIONS[action];
    try {
      // Both change what they are given.
      const data = checkTypes(asJson(given) as object, rules.types);
      checkValidations(data, rules.types, rules.custom, this.store);
      return asJson(await new Promise((resolve, reject) => {
        run(this.store, data, (error, result) => (error ? reject(error) : resolve(result)));
      }));
    } catch (error) {
      throw translated(error);
    }
  }
}

/** dynalite's errors carry the answer that its server would send. */
function translated(error: unknown): unknown {
  const { body } = error as { body?: { __type: string; message?: string; Message?: string } };
  if (!body) return error;
  const name = body.__type.split('#')[1];
  return new DynamoDbError(name, body.message ?? body.Message ?? '');
}
