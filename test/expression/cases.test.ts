import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allAtRunTime, allFolded, CaseScope } from './evaluation';
import { inShare } from '../share';

interface ExpressionCase {
  readonly expression: string;
  readonly scope: CaseScope;
  /** Several where a name of the scope has several. */
  readonly value: string | readonly string[];
  /** What the guide prints, in a spelling of its own: `0:00` for midnight, `z`, a space or a T, `.5`. */
  readonly documented?: string;
}

const FOLDER = join(__dirname, '..', 'cases', 'expressions');

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
  const cases = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as ExpressionCase[];
  // JSONata takes its time.
  const atRunTime = cases.map((each, index) => ({ ...each, tried: inShare(index, 4) }));

  describe(file, () => {
    test.each(atRunTime)('$expression is $value', async ({ expression, scope, value, documented, tried }) => {
      expect(allFolded(expression, scope)).toEqual([value].flat());
      if (tried) expect(await allAtRunTime(expression, scope)).toEqual([value].flat());
      if (documented !== undefined) expect(spelledAlike(String(value))).toBe(spelledAlike(documented));
    });
  });
}

function spelledAlike(value: string): string {
  return value.replace(/(\d)T/, '$1 ').replace(/ UTC$|z$/i, '').replace(' 0:', ' 00:').replace(/^\./, '0.');
}
