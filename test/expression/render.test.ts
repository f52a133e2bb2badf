import { Aws, Lazy, Token, Tokenization } from 'aws-cdk-lib';
import { evaluateJsonata, neverCalled } from './evaluation';
import { ExpressionScope } from '../../src/expression/evaluate';
import { parseTemplate } from '../../src/expression/parser';
import { Rendered, renderTemplate } from '../../src/expression/render';

const SCOPE: ExpressionScope = {
  resolve: ({ path }) => path[0] === '@scheduledStartTime' ? { kind: 'jsonata', text: '$run.scheduledStartTime', type: 'date' }
    : path[0] === 'myBucket' ? { kind: 'value', value: Aws.REGION }
      : { kind: 'jsonata', text: "$x ? 'a' : 'b'", type: 'string' },
  zone: (name) => `$zones."${name}"`,
};

/** Names constants `c0`, `c1`, ... */
function render(text: string): Rendered {
  let named = 0;
  return renderTemplate(parseTemplate(text), SCOPE, () => `c${named++}`);
}

test('what is known at synth is a text, with its tokens', () => {
  expect(render(`s3://#{myBucket}/${Aws.ACCOUNT_ID}/#{1 + 1}#{'%}'}`)).toEqual({ kind: 'constant', text: `s3://${Aws.REGION}/${Aws.ACCOUNT_ID}/2%}` });
});

test('what the run knows is JSONata', () => {
  expect(render("raw/#{format(@scheduledStartTime,'YYYY/MM/dd/HH')}/")).toEqual({
    kind: 'jsonata',
    text: '"raw/" & $fromMillis($toMillis($run.scheduledStartTime), "[Y0001]/[M01]/[D01]/[H01]") & "/"',
    constants: [],
  });
});

test('a date that is only written keeps its text', () => {
  expect(render('#{@scheduledStartTime}')).toEqual({ kind: 'jsonata', text: '$run.scheduledStartTime', constants: [] });
});

test('tokens are variables, named once each', () => {
  expect(render(`s3://${Aws.REGION}/#{@scheduledStartTime}/#{'${Aws.ACCOUNT_ID}' + @scheduledStartTime}#{myBucket}`)).toEqual({
    kind: 'jsonata',
    text: '"s3://" & $c1 & "/" & $run.scheduledStartTime & "/" & $c0 & $run.scheduledStartTime & $c1',
    constants: [{ name: 'c0', value: Aws.ACCOUNT_ID }, { name: 'c1', value: Aws.REGION }],
  });
});

test('a token with a display name is one too', () => {
  const token = Token.asString(Lazy.string({ produce: () => 'late' }), { displayHint: 'a.hint' });
  expect(Tokenization.reverseString(token).tokens).toHaveLength(1);
  expect(render(`${token}#{@scheduledStartTime}`)).toMatchObject({ text: '$c0 & $run.scheduledStartTime', constants: [{ value: token }] });
});

test('JSONata of the scope is an operand, whatever its operators', async () => {
  const { text } = render("#{other + '!'}");
  expect(await evaluateJsonata(text, { x: false })).toBe('b!');
});

test('no text ends the JSONata field, or names a bare context', () => {
  const everything = "%}#{@scheduledStartTime}'%}'\"%}\\%}#{format(plusMonths(minusYears(sunday(@scheduledStartTime),2),1),\"'%}'YY\")}"
    + '#{firstOfMonth(midnight(@scheduledStartTime))}#{hour(@scheduledStartTime) / 2}#{makeDate(year(@scheduledStartTime), 1, 1)}'
    + "#{format(plusDays(inTimeZone(@scheduledStartTime, 'Europe/Berlin'), 1), \"'%}' K C xx SS z Z\")}#{inTimeZone(@scheduledStartTime, 'Asia/Tokyo')}";
  const { text } = renderTemplate(parseTemplate(everything), SCOPE, neverCalled);
  expect(text).not.toContain('%}');
  expect(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toMatch(/\$(?![A-Za-z_])|\$eval/);
});
