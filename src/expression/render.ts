import { Token } from 'aws-cdk-lib';
import { Template } from './ast';
import { ExpressionError } from './error';
import { Evaluator, ExpressionScope } from './evaluate';
import { concatenate } from './operators';
import { constantValue, jsonataString } from './value';

export type Rendered = RenderedConstant | RenderedJsonata;

/** Known at synth. */
export interface RenderedConstant {
  readonly kind: 'constant';
  /** May hold CDK tokens. */
  readonly text: string;
}

/** JSONata, without `{%` and `%}`, that evaluates to the text. */
export interface RenderedJsonata {
  readonly kind: 'jsonata';
  readonly text: string;
  /** The variables of `text` that stand for values known at deployment. */
  readonly constants: readonly Constant[];
  /** It evaluates to an array of texts: as many as the run knows of. */
  readonly many?: true;
}

export interface Constant {
  /** Name of the variable, without `$`. */
  readonly name: string;
  /** A CDK token. */
  readonly value: string;
}

const TOKEN = /(\$\{Token\[[^\]]*\]\})/;

export const ARRAY_IN_TEXT = 'an array parameter makes as many texts of this one as it has values, and there is room for one only; '
  + 'name it in a prop that is a list, such as scriptArgument or the arguments of a step';

export function isMany(rendered: Rendered): boolean {
  return rendered.kind === 'jsonata' && rendered.many === true;
}

/** As `renderTexts`, of a text that comes to one. */
export function renderTemplate(template: Template, scope: ExpressionScope, constant: (value: string) => string): Rendered {
  const texts = renderTexts(template, scope, constant);
  const many = texts.some(isMany);
  if (texts.length === 1 && !many) return texts[0];
  throw new ExpressionError(many ? ARRAY_IN_TEXT : `a field with a list of values makes ${texts.length} texts of this one, and there is room for one only`);
}

/**
 * A text with its expressions evaluated, or as JSONata where the run must: several where it refers to fields with several values, one for
 * each (of two such fields, for each pair).
 *
 * `constant` names a variable (without `$`) that holds the value; tokens never enter the text of an expression, since the
 * value could be anything, a quote or `%}` among others.
 *
 * @throws ExpressionError with the column of what cannot be evaluated
 */
export function renderTexts(template: Template, scope: ExpressionScope, constant: (value: string) => string): Rendered[] {
  const lists = new Map<string, number>();
  const first = renderItems(template, scope, constant, lists, new Map());
  return lists.size === 0 ? [first] : choices([...lists]).map((items) => renderItems(template, scope, constant, lists, items));
}

/** Every way to take an item of each list; those of the last change first. */
function choices(lists: ReadonlyArray<readonly [string, number]>): Array<ReadonlyMap<string, number>> {
  return lists.reduce<Array<ReadonlyMap<string, number>>>(
    (all, [name, length]) => all.flatMap((items) => Array.from({ length }, (_, index) => new Map([...items, [name, index]]))), [new Map()],
  );
}

function renderItems(
  template: Template, scope: ExpressionScope, constant: (value: string) => string, lists: Map<string, number>, items: ReadonlyMap<string, number>,
): Rendered {
  const constants = new Map<string, Constant>();
  const variable = (value: string) => {
    const used = constants.get(value) ?? { name: constant(value), value };
    constants.set(value, used);
    return `$${used.name}`;
  };
  const literal = (text: string) => text.split(TOKEN).filter((piece) => piece !== '')
    .map((piece) => Token.isUnresolved(piece) ? variable(piece) : jsonataString(piece)).join(' & ');
  const evaluator = new Evaluator(scope, literal, items);
  const parts = template.parts.map((part) => part.kind === 'literal' ? constantValue('string', part.text) : evaluator.text(part.expression));
  const whole = concatenate(parts, literal);
  for (const [name, length] of evaluator.lists) lists.set(name, length);
  if (whole.kind === 'constant') return { kind: 'constant', text: String(whole.value) };
  const text = evaluator.optional ? `${whole.text} & ""` : whole.text;
  const many = evaluator.arrays.size > 0;
  return { kind: 'jsonata', text: many ? `[${forEach([...evaluator.arrays], text)}]` : text, constants: [...constants.values()], ...many ? { many } : {} };
}

/** JSONata of what the text is for each item of the arrays; of two arrays, for each pair. */
function forEach([[variable, array], ...others]: ReadonlyArray<readonly [string, string]>, text: string): string {
  if (others.length === 0) return `$map(${array}, function(${variable}){${text}})`;
  return `$reduce(${array}, function($all, ${variable}){$append($all, ${forEach(others, text)})}, [])`;
}
