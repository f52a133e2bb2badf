/** Texts anywhere in a value: in the fields of a request that a prop gives whole. */
import { Token } from 'aws-cdk-lib';
import { checkText, TextRenderer } from './text';
import { jsonataString } from '../expression/value';
import type { PipelineObject } from '../pipeline-object';

/** Throws, with the object and the place in the prop, if an expression of a text in it is wrong. What has a class of its own has no texts. */
export function checkTexts(object: PipelineObject, prop: string, value: unknown): void {
  if (typeof value === 'string') checkText(object, prop, value);
  else if (Array.isArray(value)) value.forEach((part, index) => checkTexts(object, `${prop}[${index}]`, part));
  else if (isPlain(value)) partsOf(value).forEach(([name, part]) => checkTexts(object, `${prop}.${name}`, part));
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

function isPlain(value: unknown): boolean {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function inside(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
