/** Lists in states: of as many items as were written, or of as many as the run makes of them. */
import { jsonata } from './asl';
import { isSplit } from './step-argument';
import { isText, TextRenderer } from './text';
import { jsonataString } from '../expression/value';

/** Whether the run makes several items of this one, or none. */
function isMany(item: unknown): boolean {
  return isText(item) ? item.many === true : isSplit(item) && item.part === 'others';
}

/** Fields as a list: JSONata of the whole list where one of them is an array. */
export function listField(texts: TextRenderer, items: readonly unknown[], render: (item: never) => unknown): unknown {
  const fields = items.map((item) => render(item as never));
  return items.some(isMany) ? jsonata(operand(texts, fields)) : fields;
}

/** JSONata of what is part of a state. An array in a list becomes part of the list. */
export function operand(texts: TextRenderer, value: unknown): string {
  if (typeof value === 'string') return /^\{% .* %\}$/s.test(value) ? `(${value.slice(3, -3)})` : texts.literal(value);
  if (Array.isArray(value)) return `[${value.map((part) => operand(texts, part)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, part]) => `${jsonataString(name)}: ${operand(texts, part)}`).join(', ')}}`;
}
