/** SQL whose values are known to the run only: they become string literals, whatever characters they have. */
import { Token } from 'aws-cdk-lib';
import { field, jsonata } from './asl';
import { piecesOf } from './step-argument';
import { checkText, Text, TextRenderer } from './text';
import { SqlPiece, Template } from './work';
import type { Engine } from '../contract/connection';
import type { SqlParts } from '../contract/database';
import { DIALECTS, SqlScriptError, SqlToken, statementsOf, VALUE } from '../contract/sql-script';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

/** A name as SQL takes it, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

/** A text as a SQL string literal. */
export function stringLiteral(text: string): string {
  return `'${escaped(text)}'`;
}

/** A text between quotes: Amazon Redshift takes a backslash for an escape there, as PostgreSQL 8.0 did. */
function escaped(text: string): string {
  return text.replace(/'/g, "''").replace(/\\/g, '\\\\');
}

/** One query that a user has written. Its expressions stand in texts, `'#{...}'`, so that no value of a run is read as SQL. */
export function queryPieces(object: PipelineObject, prop: string, sql: string): SqlPiece[] {
  const [query, ...others] = statementPieces(object, prop, sql);
  if (!/^(SELECT|WITH)\b/i.test(sql.trim())) throw invalid(object, prop, `is one SELECT; got: "${sql}"`);
  if (others.length > 0) throw invalid(object, prop, `is one SELECT, without ";"; got: "${sql}"`);
  return query;
}

/** The statements of a script for Amazon Redshift Data API, which takes them one by one; arguments are texts, too. */
export function statementPieces(object: PipelineObject, prop: string, sql: string, given?: readonly Text[]): SqlPiece[][] {
  const { script, values } = masked(object, prop, sql);
  const unused = [...values];
  const bound = [...given ?? []];
  const piece = (token: SqlToken): SqlPiece => {
    switch (token.kind) {
      case 'sql': return token.text;
      case 'value': return { within: unused.shift()! };
      case 'placeholder': return { literal: bound.shift()! };
    }
  };
  const statements = readBy(object, prop, sql, script, 'redshift', given !== undefined);
  checkBound(object, statements, given);
  return statements.map((tokens) => tokens.map(piece));
}

/** SQL as Task Runner takes it. */
export function sqlParts(object: PipelineObject, prop: string, sql: string): Template<SqlParts> {
  const { script, values } = masked(object, prop, sql);
  return script.split(VALUE).flatMap((text, index) => [...index > 0 ? [{ value: values[index - 1] }] : [], ...text ? [{ sql: text }] : []]);
}

/** Statements as one script for Task Runner. */
export function scriptParts(statements: readonly SqlPiece[][]): Template<SqlParts> {
  return statements.flatMap((pieces, index) => [...index > 0 ? [{ sql: '\n;\n' }] : [], ...pieces.flatMap(partsOf)]);
}

function partsOf(piece: SqlPiece): Template<SqlParts> {
  if (typeof piece === 'string') return [{ sql: piece }];
  return between(piece, { sql: "'" }, { value: valueOf(piece) });
}

/** The statements: throws if a value stands outside of a text. */
export function checkSql(object: PipelineObject, prop: string, sql: string, engine?: Engine, given?: readonly Text[]): SqlToken[][] {
  const statements = readBy(object, prop, sql, masked(object, prop, sql).script, engine, given !== undefined);
  if (given) checkBound(object, statements, given);
  return statements;
}

/** Where the engine is not known, one that can read it is enough: Task Runner reads it again. */
function readBy(object: PipelineObject, prop: string, sql: string, script: string, engine?: Engine, hasArguments = false): SqlToken[][] {
  try {
    return statementsOf(script, DIALECTS[engine ?? 'mysql'], hasArguments);
  } catch (error) {
    if (engine === undefined) return readBy(object, prop, sql, script, 'postgresql', hasArguments);
    throw error instanceof SqlScriptError ? invalid(object, prop, `${error.message}; got: "${sql}"`) : error;
  }
}

/** The script with `VALUE` for what the run knows only. */
function masked(object: PipelineObject, prop: string, sql: string): { script: string; values: Text[] } {
  if (sql.includes(VALUE)) throw invalid(object, prop, `has no null characters; got: ${JSON.stringify(sql)}`);
  checkText(object, prop, sql);
  const values: Text[] = [];
  const script = piecesOf(sql).map((text) => {
    if (!text.startsWith('#{')) return text;
    const [value] = new TextRenderer().all({ object, prop, text });
    if (value.kind === 'constant') return value.text;
    values.push({ object, prop, text });
    return VALUE;
  });
  return { script: script.join(''), values };
}

/** As many arguments as there are places for them; where the run knows how many there are, Task Runner looks. */
function checkBound(object: PipelineObject, statements: SqlToken[][], given: readonly Text[] = []): void {
  if (given.some(({ many }) => many)) return;
  const places = statements.flat().filter(({ kind }) => kind === 'placeholder').length;
  if (places !== given.length) throw invalid(object, 'scriptArgument', `has a value for each "?" of the script; got: ${given.length} for ${places}`);
}

export function sqlText(texts: TextRenderer, pieces: readonly SqlPiece[]): string {
  const constant = pieces.every((piece) => typeof piece === 'string' || isPlain(valueOf(piece).text));
  if (constant) return field(pieces.map((piece) => typeof piece === 'string' ? piece : between(piece, "'", escaped(valueOf(piece).text)).join('')).join(''));
  return jsonata(pieces.flatMap((piece) => (
    typeof piece === 'string' ? texts.literal(piece) : between(piece, '"\'"', `$replace($replace(${texts.operand(valueOf(piece))}, "'", "''"), "\\\\", "\\\\\\\\")`)
  )).join(' & '));
}

/** A literal brings its quotes. */
function between<Quote, Value>(piece: Exclude<SqlPiece, string>, quote: Quote, value: Value): Array<Quote | Value> {
  return 'literal' in piece ? [quote, value, quote] : [value];
}

/** Known when the app is synthesized. */
export function isPlain(text: string): boolean {
  return !Token.isUnresolved(text) && !text.includes('#{');
}

function valueOf(piece: Exclude<SqlPiece, string>): Text {
  return 'literal' in piece ? piece.literal : piece.within;
}

