/**
 * The statements that are generated, read by a grammar of HiveQL that nobody here wrote: sqlglot's. SQLGLOT names a Python that has it;
 * `.ci/run` gets it. Without it these tests are skipped, except where CI_TIERS says that nothing may be.
 */
import { spawnSync } from 'child_process';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { EverythingOnHiveStack } from './everything-on-hive';
import { HiveActivity, HiveCopyActivity } from '../../src';
import { HiveReader, literals } from '../activities/hive-reader';

const python = process.env.SQLGLOT ?? '';
const ready = python !== '' || process.env.CI_TIERS !== undefined;
if (!ready) console.warn('SQLGLOT is not set, so no grammar reads HiveQL; .ci/run does that');

interface Parsed {
  /** Of the expression: `Command` is what the grammar does not know. */
  readonly kind: string;
  readonly literals: string[];
}

function parsed(statements: readonly string[]): Array<Parsed | { error: string }> {
  const { stdout, stderr } = spawnSync(python, [join(__dirname, 'hive-grammar.py')], { input: JSON.stringify(statements), encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Parsed[];
}

(ready ? describe : describe.skip)('a grammar of HiveQL', () => {
  test('reads every statement as what it is, and the literals in it as the values that they are', async () => {
    const stack = new EverythingOnHiveStack(new App(), 'Everything');
    const activities = stack.node.findAll().filter((each) => each instanceof HiveActivity || each instanceof HiveCopyActivity);
    const statements: string[] = [];
    for (const activity of activities) statements.push(...(await HiveReader.of(activity, {}, { 's3://scripts/query.q': '' })).statements);
    const kinds = { DROP: 'Drop', CREATE: 'Create', INSERT: 'Insert', SET: 'Set' };
    expect(parsed(statements)).toEqual(statements.map((statement) => ({
      kind: kinds[statement.split(' ')[0] as keyof typeof kinds], literals: [...literals(statement)].sort(),
    })));
    expect(new Set(statements.map((statement) => statement.split(' ')[0]))).toEqual(new Set(Object.keys(kinds)));
  });

  test('finds what is wrong', () => {
    expect(parsed(["CREATE EXTERNAL TABLE t (a STRING) LOCATION 's3://a/'b'", 'CREATE EXTERNAL TABLE t (a', 'MAKE TABLE t'])).toEqual([
      { error: expect.any(String) as string }, { error: expect.any(String) as string }, { error: expect.any(String) as string },
    ]);
  });
});
