import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atRunTime, CaseScope, folded } from './evaluation';

interface ExpressionCase {
  readonly expression: string;
  readonly scope: CaseScope;
  readonly value: string;
  /** What the guide prints, in a spelling of its own: `0:00` for midnight, `z`, a space or a T, `.5`. */
  readonly documented?: string;
}

const FOLDER = join(__dirname, '..', 'cases', 'expressions');

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
  const cases = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as ExpressionCase[];

  describe(file, () => {
    test.each(cases)('$expression is $value', async ({ expression, scope, value, documented }) => {
      expect(folded(expression, scope)).toBe(value);
      expect(await atRunTime(expression, scope)).toBe(value);
      if (documented !== undefined) expect(spelledAlike(value)).toBe(spelledAlike(documented));
    });
  });
}

function spelledAlike(value: string): string {
  return value.replace(/(\d)T/, '$1 ').replace(/ UTC$|z$/i, '').replace(' 0:', ' 00:').replace(/^\./, '0.');
}
