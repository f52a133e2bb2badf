/** SQL whose values are known to the run only: they become string literals, whatever characters they have. */
import { Token } from 'aws-cdk-lib';
import { field, jsonata } from './asl';
import { checkText, TextRenderer } from './text';
import { SqlPiece } from './work';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

const EXPRESSION = String.raw`#\{(?:'[^']*'|"[^"]*"|[^}'"])*\}`;
/** A text with the expressions in it, a quoted name, a comment, or what is between these. It can be read in one way only, so in one go. */
const PART = new RegExp(String.raw`'(?:${EXPRESSION}|''|[^'#]|#(?!\{))*'|"(?:""|[^"])*"|--[^\n]*|/\*[^]*?\*/|[^'"/-]+|[^]`, 'g');
const DOUBLED_QUOTE = new RegExp(`${EXPRESSION}|''`, 'g');

/** A name as SQL takes it, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

/** A text as a SQL string literal. */
export function stringLiteral(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

/** One query that a user has written. Its expressions stand in texts, `'#{...}'`, so that no value of a run is read as SQL. */
export function queryPieces(object: PipelineObject, prop: string, sql: string): SqlPiece[] {
  const refused = (problem: string) => invalid(object, prop, `${problem}; got: "${sql}"`);
  const query = sql.trim().replace(/;$/, '');
  if (!/^(SELECT|WITH)\b/i.test(query)) throw refused('is one SELECT');
  return (query.match(PART) ?? []).map((part) => {
    if (part.startsWith("'") && part.includes('#{')) return { literal: checkText(object, prop, unquoted(part)) };
    if (part.includes('#{')) throw refused("takes expressions in texts only, such as '#{@scheduledStartTime}'");
    if (/^[^'"/-]/.test(part) && part.includes(';')) throw refused('is one SELECT, without ";"');
    return part;
  });
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(DOUBLED_QUOTE, (part) => part === "''" ? "'" : part);
}

export function sqlText(texts: TextRenderer, pieces: readonly SqlPiece[]): string {
  const constant = pieces.every((piece) => typeof piece === 'string' || isPlain(piece.literal.text));
  if (constant) return field(pieces.map((piece) => typeof piece === 'string' ? piece : stringLiteral(piece.literal.text)).join(''));
  return jsonata(pieces.map((piece) => typeof piece === 'string' ? texts.literal(piece) : quoted(texts.operand(piece.literal))).join(' & '));
}

/** Known when the app is synthesized. */
export function isPlain(text: string): boolean {
  return !Token.isUnresolved(text) && !text.includes('#{');
}

function quoted(operand: string): string {
  return `"'" & $replace(${operand}, "'", "''") & "'"`;
}
