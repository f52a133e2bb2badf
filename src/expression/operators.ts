import { Operator } from './ast';
import { ExpressionError } from './error';
import { constantValue, isNumeric, numericOperand, runtimeValue, toText, Value } from './value';

/** `+` between texts, or between a text and anything. `literal` renders a text as JSONata. */
export function concatenate(values: readonly Value[], literal: (text: string) => string): Value {
  const texts = values.map(toText);
  if (texts.every((text) => text.kind === 'constant')) return constantValue('string', texts.map((text) => text.value).join(''));
  return runtimeValue('string', merged(texts).map((text) => text.kind === 'jsonata' ? text.text : literal(String(text.value))).join(' & '));
}

function merged(texts: readonly Value[]): Value[] {
  const result: Value[] = [];
  for (const text of texts) {
    const last = result.at(-1);
    if (text.kind === 'constant' && last?.kind === 'constant') result.splice(-1, 1, constantValue('string', `${last.value}${text.value}`));
    else if (text.kind === 'jsonata' || text.value !== '') result.push(text);
  }
  return result;
}

/** `+ - * / ^` between numbers. Whole numbers divide without remainder; a power is never a whole number. */
export function calculate(operator: Operator, left: Value, right: Value): Value {
  for (const operand of [left, right]) {
    if (!isNumeric(operand)) throw new ExpressionError(`'${operator}' needs numbers, got a ${operand.type}${mend(operator, operand)}`);
  }
  const integer = operator !== '^' && left.type === 'integer' && right.type === 'integer';
  if (operator === '/') checkDivisor(right);
  const type = integer ? 'integer' : 'number';
  if (left.kind === 'constant' && right.kind === 'constant') {
    return constantValue(type, evaluate(operator, integer, Number(left.value), Number(right.value)));
  }
  return runtimeValue(type, render(operator, integer, numericOperand(left), numericOperand(right)));
}

function mend(operator: Operator, operand: Value): string {
  return operand.type === 'date' && (operator === '+' || operator === '-') ? ': shift dates with plusDays, minusHours and the like' : '';
}

function checkDivisor(divisor: Value): void {
  if (divisor.kind === 'jsonata') throw new ExpressionError('a divisor that only the run knows could be 0: divide by a number');
  if (divisor.value === 0) throw new ExpressionError('division by 0');
}

function evaluate(operator: Operator, integer: boolean, left: number, right: number): number {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return integer ? Math.trunc(left / right) : left / right;
    case '^': return left ** right;
  }
}

function render(operator: Operator, integer: boolean, left: string, right: string): string {
  if (operator === '^') throw new ExpressionError("'^' is supported between numbers known at synth only: its result could be too large");
  if (operator !== '/' || !integer) return `(${left} ${operator} ${right})`;
  return `function($q){$q < 0 ? $ceil($q) : $floor($q)}(${left} / ${right})`;
}
