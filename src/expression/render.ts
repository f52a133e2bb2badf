import { Token } from 'aws-cdk-lib';
import { Template } from './ast';
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
}

export interface Constant {
  /** Name of the variable, without `$`. */
  readonly name: string;
  /** A CDK token. */
  readonly value: string;
}

const TOKEN = /(\$\{Token\[[^\]]*\]\})/;

/**
 * A text with its expressions evaluated, or as JSONata where the run must.
 *
 * `constant` names a variable (without `$`) that holds the value; tokens never enter the text of an expression, since the
 * value could be anything, a quote or `%}` among others.
 *
 * @throws ExpressionError with the column of what cannot be evaluated
 */
export function renderTemplate(template: Template, scope: ExpressionScope, constant: (value: string) => string): Rendered {
  const constants = new Map<string, Constant>();
  const variable = (value: string) => {
    const used = constants.get(value) ?? { name: constant(value), value };
    constants.set(value, used);
    return `$${used.name}`;
  };
  const literal = (text: string) => text.split(TOKEN).filter((piece) => piece !== '')
    .map((piece) => Token.isUnresolved(piece) ? variable(piece) : jsonataString(piece)).join(' & ');
  const evaluator = new Evaluator(scope, literal);
  const parts = template.parts.map((part) => part.kind === 'literal' ? constantValue('string', part.text) : evaluator.text(part.expression));
  const whole = concatenate(parts, literal);
  return whole.kind === 'constant'
    ? { kind: 'constant', text: String(whole.value) }
    : { kind: 'jsonata', text: whole.text, constants: [...constants.values()] };
}
