import { MINUTE } from '../../src/contract/grid';
import { StartProperties } from '../../src/contract/lifecycle';
import { isoTime } from '../../src/contract/run';
import { ITEM_KEY, PIPELINE_PARTITION, RUN_KEY } from '../../src/contract/table';

/** Where a schedule's start is kept; once it is there, it stays. */
export function recording({ TableName, StartItem }: StartProperties, now: number) {
  return {
    TableName,
    Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: StartItem } },
    UpdateExpression: 'SET startDateTime = if_not_exists(startDateTime, :now)',
    ExpressionAttributeValues: { ':now': { S: isoTime(Math.floor(now / MINUTE) * MINUTE) } },
    ReturnValues: 'ALL_NEW' as const,
  };
}
