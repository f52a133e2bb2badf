/**
 * Every TypeScript block of README.md compiles and synthesizes.
 *
 * A block stands alone: it has its imports, and makes an `App` with at least one stack, so that a reader can paste it into a
 * file and run it. What is no such program is not a `ts` block.
 */
import * as fs from 'fs';
import * as path from 'path';
import { blocksOf, stacksOf, typeErrors } from './readme-block';
import { ORDERS_APP } from '../cli/migrate/plans';

const blocks = blocksOf(fs.readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8'));

test('README shows TypeScript', () => {
  expect(blocks.length).toBeGreaterThan(0);
});

test('its blocks compile, and what does not is told by its line in its page', () => {
  const page = ['# Title', '```ts', "import { Pipeline } from 'cdk-data-pipeline';", 'new Pipeline(1);', '```', '```sh', 'npm ci', '```'].join('\n');
  expect(blocksOf(page)).toHaveLength(1);
  // One program, as it takes long to make: an app that `datapipeline migrate` writes is in it, too.
  expect(typeErrors({ 'README.md': blocks, 'PAGE.md': blocksOf(page), 'orders.ts': [ORDERS_APP] })).toEqual([expect.stringMatching(/^PAGE\.md:4: Expected 3 arguments/)]);
}, 120_000);

test.each(blocks)('the block at line $line synthesizes', (block) => {
  expect(stacksOf(block)).not.toEqual([]);
});

test('bites: what makes no app, and what does not synthesize', () => {
  expect(stacksOf({ line: 1, text: 'export const number = 1;' })).toEqual([]);
  const empty = "import { App, Stack } from 'aws-cdk-lib'; import { Pipeline, Schedule } from 'cdk-data-pipeline'; "
    + "new Pipeline(new Stack(new App(), 'S'), 'P', { schedule: Schedule.onDemand() });";
  expect(() => stacksOf({ line: 1, text: empty })).toThrow('has no activity');
});
