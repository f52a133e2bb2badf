/**
 * A script for Pig. Its text is known when the app is synthesized; what only the run knows is a parameter in it. Pig puts the values of
 * parameters into the text before it parses that, so a value that could end the quotes it stands in ends the attempt instead.
 */
import { isPlain } from './sql';
import { piecesOf, Standing, StepArgument } from './step-argument';
import { checkText, Text } from './text';
import type { PipelineObject } from '../pipeline-object';

const LITERALS_AND_COMMENTS = /'(?:[^'\\]|\\.)*'|--[^\n]*|\/\*.*?\*\//gs;

export class PigScript {
  /** What gives its parameters values. */
  readonly definitions: StepArgument[] = [];

  constructor(private readonly object: PipelineObject) {}

  /** A text as a string literal. */
  literal(text: Text): string {
    return isPlain(text.text) ? pigLiteral(text.text) : `'${this.parameter(text, Standing.PLAIN)}'`;
  }

  /** The user's own text: what only the run knows of it stays within the quotes that stand around it, or is one word. */
  own(prop: string, text: string): string {
    checkText(this.object, prop, text);
    return piecesOf(text).reduce((script, piece, index) => {
      if (index % 2 === 0) return script + piece;
      const quoted = script.replace(LITERALS_AND_COMMENTS, '').includes("'");
      return script + this.parameter({ object: this.object, prop, text: piece }, quoted ? Standing.PLAIN : Standing.WORD);
    });
  }

  private parameter(value: Text, stands: Standing): string {
    const name = `datapipeline_${this.definitions.length + 1}`;
    this.definitions.push(pigDefinition(name, [{ value, stands }]));
    return `\${${name}}`;
  }
}

/** Between double quotes, as Pig reads the value of a parameter whatever is in it, but for these. */
export function pigDefinition(name: string, value: ReadonlyArray<string | { readonly value: Text; readonly stands: Standing }>): StepArgument {
  return { pieces: [`${name}="`, ...value, '"'] };
}

/** A text that is known as a string literal of Pig: `$` would begin a parameter. */
export function pigLiteral(text: string): string {
  const inQuotes = text.replace(/[\\']/g, '\\$&').replace(/[\0-\x1f\x7f$;]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `'${inQuotes}'`;
}
