import { App, Duration, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  FullCopyRdsToS3, IncrementalCopyRdsToS3, IncrementalCopyRdsToS3Props, LoadS3IntoRds, LoadS3IntoRdsProps, RunAwsCliCommand, RunShellCommand,
  Schedule, ScheduleType,
} from '../../src';
import { TaskRunnerWork } from '../../src/compiler/work';

const nightly = Schedule.cron({ minute: '0', hour: '2' });
const hourly = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES });
let stack: Stack;
const shop = () => ({ rdsInstanceId: 'shop', password: Secret.fromSecretNameV2(stack, 'Password', 'shop/reader') });

beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

/** Pieces of text and of expressions, as the task has them. */
const written = (activity: { _work(): unknown }) => JSON.stringify((activity._work() as TaskRunnerWork).task, (key, value) => key === 'object' && typeof value === 'object' ? undefined : value);

test('a command reads and writes folders of S3 where it is given any', () => {
  const bare = new RunShellCommand(stack, 'Bare', { schedule: nightly, command: 'true' });
  expect(bare.activity.input.concat(bare.activity.output)).toEqual([]);
  expect(written(bare.activity)).not.toContain('s3://');
  const both = new RunShellCommand(stack, 'Both', { schedule: nightly, command: 'true', inputS3Loc: 's3://shop-in/', outputS3Loc: 's3://shop-out/' });
  expect(both.activity.input.concat(both.activity.output).map(({ objectId }) => objectId)).toEqual(['Input', 'Output']);
});

test('a command of the AWS CLI is one', () => {
  expect(() => new RunAwsCliCommand(stack, 'Cli', { schedule: nightly, awsCliCommand: 's3 ls' }))
    .toThrow('Stack/Cli: awsCliCommand: begins with "aws "; got: "s3 ls"; for others there is RunShellCommand');
});

test('a full copy has a folder for each run', () => {
  const { activity, output } = new FullCopyRdsToS3(stack, 'Full', { schedule: nightly, rds: shop(), tableName: 'customers', outputS3Loc: 's3://backup/customers' });
  expect(output.uri).toBe("s3://backup/customers/#{format(@scheduledStartTime, 'YYYY-MM-dd-HH-mm-ss')}/");
  expect(written(activity)).toContain('"table":"customers"');
});

describe('an incremental copy', () => {
  const copy = (props: Partial<IncrementalCopyRdsToS3Props> = {}) => new IncrementalCopyRdsToS3(stack, 'Changes', {
    schedule: hourly, rds: shop(), tableName: 'orders', lastModifiedColumn: 'changed_at', outputS3Loc: 's3://backup/orders/', ...props,
  });

  test('reads from the start of the interval on, and not its end', () => {
    expect(copy({ lastModifiedColumn: 'odd`name' }).input.node.id).toBe('Changes');
    expect(selectedIn(stack)).toMatch(/SELECT \* FROM `orders` WHERE `odd``name` >= .* AND `odd``name` < /);
  });

  test.each([
    ['an interval that has not passed', { schedule: nightly }, 'Stack/Changes: schedule: is of ScheduleType.TIMESERIES, which runs when an interval has passed: before, not all of its changes are made; got: cron'],
    ['no interval', { schedule: Schedule.onDemand() }, /got: ondemand$/],
    ['a column without a name', { lastModifiedColumn: '' }, 'Stack/Changes: lastModifiedColumn: is a name of 1 to 64 characters, without expressions; got: ""'],
    ['a column of an expression', { lastModifiedColumn: '#{myColumn}' }, 'got: "#{myColumn}"'],
  ])('of %s is refused', (_, props, message) => {
    expect(() => copy(props)).toThrow(message);
  });
});

describe('a load into MySQL', () => {
  const load = (props: Partial<LoadS3IntoRdsProps>) => new LoadS3IntoRds(stack, 'Load', { schedule: nightly, rds: shop(), tableName: 'prices', inputS3Loc: 's3://shop-in/a.csv', ...props });

  test('updates the rows that are there', () => {
    expect(written(load({ columns: ['article', 'price'] }).activity)).toContain(
      'INSERT INTO `prices` (`article`, `price`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `article` = VALUES(`article`), `price` = VALUES(`price`)',
    );
  });

  test('takes a statement', () => {
    expect(written(load({ insertQuery: 'REPLACE INTO prices VALUES (?, ?)' }).activity)).toContain('REPLACE INTO prices VALUES (?, ?)');
  });

  test.each([
    ['neither', {}, 'Stack/Load: columns: exactly one of columns and insertQuery says how a row is written; got: none'],
    ['both', { columns: ['a'], insertQuery: 'REPLACE INTO prices VALUES (?)' }, 'got: both'],
    ['no columns', { columns: [] }, 'Stack/Load: columns: are those of the file, at least one; got: none'],
  ])('with %s is refused', (_, props, message) => {
    expect(() => load(props)).toThrow(message);
  });
});

function selectedIn(scope: Stack): string {
  return written((scope.node.findChild('Changes') as IncrementalCopyRdsToS3).activity);
}
