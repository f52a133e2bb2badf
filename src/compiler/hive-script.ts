/**
 * A script for Hive. Its text is known when the app is synthesized; what only the run knows is a variable in it, so that a script is
 * uploaded once and never put together from values.
 */
import { isPlain } from './sql';
import { escaped, piecesOf, Standing, StepArgument } from './step-argument';
import { checkText, Text } from './text';
import type { PipelineObject } from '../pipeline-object';

const LITERALS_AND_COMMENTS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*/gs;

export class HiveScript {
  /** What defines its variables. */
  readonly definitions: StepArgument[] = [];

  constructor(private readonly object: PipelineObject) {}

  /** A text as a string literal. */
  literal(text: Text): string {
    return `'${isPlain(text.text) ? escaped(text.text) : this.variable(text, Standing.QUOTED)}'`;
  }

  /** The user's own text: what only the run knows of it stays within the quotes that stand around it, or is one word. */
  own(prop: string, text: string): string {
    checkText(this.object, prop, text);
    return piecesOf(text).reduce((script, piece, index) => {
      if (index % 2 === 0) return script + piece;
      const quoted = /['"]/.test(withoutQuotes(script));
      return script + this.variable({ object: this.object, prop, text: piece }, quoted ? Standing.QUOTED : Standing.WORD);
    });
  }

  private variable(value: Text, stands: Standing): string {
    const name = `datapipeline_${this.definitions.length + 1}`;
    this.definitions.push({ pieces: [`${name}=`, { value, stands }] });
    return `\${${name}}`;
  }
}

/** What of a script is neither quoted nor a comment. */
export function withoutQuotes(text: string): string {
  return text.replace(LITERALS_AND_COMMENTS, '');
}
