/** Code as a person lays it out: on one line where it fits, else a line for each part. */
import { Code, Props } from '../../src/definition/code';

export const WIDTH = 120;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** What names stand for, which the file decides. */
export interface Naming {
  object(id: string): string;
  existing(code: Extract<Code, { kind: 'existing' }>): string;
  parameter(name: string): string;
  given(name: string): string;
  /** A template literal. */
  template(parts: readonly Code[]): string;
  /** A text; buckets that several share have names. */
  text(value: string): string;
}

/** `column` is where the code begins, `indent` the indentation of its line. */
export function layOut(code: Code, naming: Naming, indent: number, column = indent): string {
  const flat = inline(code, naming);
  if (!flat.includes('\n') && column + flat.length <= WIDTH) return flat;
  switch (code.kind) {
    case 'list': return lines('[', code.items.map((item) => layOut(item, naming, indent + 2)), ']', indent);
    case 'object': return lines('{', code.props.map((prop) => propOf(prop, naming, indent + 2)), '}', indent);
    case 'call': return callOf(code.callee, code.args, naming, indent, column);
    case 'new': return callOf(`new ${code.name}`, code.args, naming, indent, column);
    default: return flat;
  }
}

/** The last argument is broken before the others are. */
function callOf(callee: string, args: readonly Code[], naming: Naming, indent: number, column: number): string {
  const heads = args.slice(0, -1).map((arg) => inline(arg, naming));
  const start = `${callee}(${heads.map((head) => `${head}, `).join('')}`;
  const last = args.at(-1);
  return `${start}${last ? layOut(last, naming, indent, column + start.length) : ''})`;
}

/** `name: value`, or `name` where the value is called so. */
function propOf([name, value]: Props[number], naming: Naming, indent: number): string {
  const key = `${keyOf(name)}: `;
  const text = layOut(value, naming, indent, indent + key.length + 1);
  return text === name ? name : `${key}${text}`;
}

function inline(code: Code, naming: Naming): string {
  const all = (codes: readonly Code[]) => codes.map((each) => inline(each, naming)).join(', ');
  switch (code.kind) {
    case 'literal': return typeof code.value === 'string' ? naming.text(code.value) : String(code.value);
    case 'template': return naming.template(code.parts);
    case 'list': return `[${all(code.items)}]`;
    case 'object': return code.props.length === 0 ? '{}' : `{ ${code.props.map(([name, value]) => inlineProp(name, inline(value, naming))).join(', ')} }`;
    case 'member': return `${code.of}.${code.name}`;
    case 'call': return `${code.callee}(${all(code.args)})`;
    case 'new': return `new ${code.name}(${all(code.args)})`;
    case 'existing': return naming.existing(code);
    case 'object-ref': return naming.object(code.id);
    case 'parameter': return naming.parameter(code.name);
    case 'given': return naming.given(code.name);
  }
}

function inlineProp(name: string, value: string): string {
  return name === value ? name : `${keyOf(name)}: ${value}`;
}

function keyOf(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

function lines(open: string, parts: readonly string[], close: string, indent: number): string {
  const pad = ' '.repeat(indent);
  return `${open}\n${parts.map((part) => `${pad}  ${part},\n`).join('')}${pad}${close}`;
}

/** A text of several lines keeps them. */
export function quoted(text: string): string {
  if (/\n/.test(text)) return `\`${templated(text)}\``;
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u2028\u2029]/g, unicode)}'`;
}

/** Text between backticks. */
export function templated(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replace(/(?!\n)[\u0000-\u001f\u2028\u2029]/g, unicode);
}

function unicode(character: string): string {
  return character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Lines of a comment. */
export function comment(text: string, indent: number): string[] {
  const pad = ' '.repeat(indent);
  const lined: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lined.at(-1);
    if (last !== undefined && pad.length + 4 + last.length + word.length <= WIDTH) lined[lined.length - 1] = `${last} ${word}`;
    else lined.push(word);
  }
  return lined.map((line) => `${pad}// ${line}`);
}
