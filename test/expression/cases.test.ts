import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allAtRunTime, allFolded, arraysAtRunTime, CaseScope, isList } from './evaluation';
import { inShare } from '../share';

interface ExpressionCase {
  /** Several where a field has them. */
  readonly expression: string | readonly string[];
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
  const atRunTime = cases.map((given, index) => ({ ...given, tried: inShare(index, 4) }));

  describe(file, () => {
    test.each(atRunTime)('$expression is $value', async ({ expression, scope, value, documented, tried }) => {
      const texts = [expression].flat();
      expect(texts.flatMap((text) => allFolded(text, scope))).toEqual([value].flat());
      if (tried) expect(await each(texts, (text) => allAtRunTime(text, scope))).toEqual([value].flat());
      if (Object.values(scope).some(isList)) expect(await each(texts, (text) => arraysAtRunTime(text, scope))).toEqual([value].flat());
      if (documented !== undefined) expect(spelledAlike(String(value))).toBe(spelledAlike(documented));
    });
  });
}

async function each(texts: readonly string[], evaluate: (text: string) => Promise<unknown>): Promise<unknown[]> {
  return (await Promise.all(texts.map(evaluate))).flat();
}

function spelledAlike(value: string): string {
  return value.replace(/(\d)T/, '$1 ').replace(/ UTC$|z$/i, '').replace(' 0:', ' 00:').replace(/^\./, '0.');
}
