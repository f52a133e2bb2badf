/** Texts anywhere in a value: in the fields of a request that a prop gives whole. */
import { Token } from 'aws-cdk-lib';
import { checkText, TextRenderer } from './text';
import { jsonataString } from '../expression/value';
import type { PipelineObject } from '../pipeline-object';

/** Throws, with the object and where in the value it is, if an expression of a text in it is wrong. */
export function checkTexts(object: PipelineObject, value: unknown, place = ''): void {
  if (typeof value === 'string') checkText(object, place, value);
  else for (const [name, part] of partsOf(value)) checkTexts(object, part, inside(place, name));
}

/** The value as part of a state: its texts as they are, or as JSONata. */
export function textFields(texts: TextRenderer, object: PipelineObject, value: unknown, prop = ''): unknown {
  if (typeof value === 'string') return texts.field({ object, prop, text: value });
  if (Array.isArray(value)) return value.map((part, index) => textFields(texts, object, part, inside(prop, String(index))));
  if (!isObject(value)) return value;
  return Object.fromEntries(partsOf(value).map(([name, part]) => [name, textFields(texts, object, part, inside(prop, name))]));
}

/** JSONata of the value. */
export function textOperand(texts: TextRenderer, object: PipelineObject, value: unknown, prop = ''): string {
  if (typeof value === 'string') return texts.operand({ object, prop, text: value });
  if (Array.isArray(value)) return `[${value.map((part, index) => textOperand(texts, object, part, inside(prop, String(index)))).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${partsOf(value).map(([name, part]) => `${jsonataString(name)}: ${textOperand(texts, object, part, inside(prop, name))}`).join(', ')}}`;
}

/** What is left out is no part. */
function partsOf(value: unknown): Array<[string, unknown]> {
  return isObject(value) ? Object.entries(value).filter(([, part]) => part !== undefined) : [];
}

/** Not a value that is known at deployment. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Token.isUnresolved(value);
}

function inside(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
