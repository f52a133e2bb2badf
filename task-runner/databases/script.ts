import { BoundStatement, Session } from './session';
import { SqlParts } from '../../src/contract/database';
import { SqlScriptError, SqlToken, statementsOf, VALUE } from '../../src/contract/sql-script';

type Reading = Pick<Session, 'dialect' | 'placeholder'>;

/**
 * The statements of a script, with its values escaped in the texts that they stand in, and its arguments bound in turn.
 *
 * @throws SqlScriptError
 */
export function boundStatements(script: SqlParts, scriptArguments: readonly string[], session: Reading): BoundStatement[] {
  const values = script.flatMap((part) => 'value' in part ? [part.value] : []);
  const text = script.map((part) => 'sql' in part ? withoutMark(part.sql) : VALUE).join('');
  const statements = statementsOf(text, session.dialect, scriptArguments.length > 0);
  const places = statements.flat().filter(({ kind }) => kind === 'placeholder').length;
  if (places !== scriptArguments.length) {
    throw new SqlScriptError(`has ${places} places for arguments, and there are ${scriptArguments.length}: give a scriptArgument for each "?"`);
  }
  const unused = { values, arguments: [...scriptArguments] };
  return statements.map((tokens) => bound(tokens, unused, session));
}

function bound(tokens: readonly SqlToken[], unused: { values: string[]; arguments: string[] }, session: Reading): BoundStatement {
  const values: string[] = [];
  const text = tokens.map((token) => {
    switch (token.kind) {
      case 'sql': return token.text;
      case 'value': return escaped(unused.values.shift() ?? '', token.backslashes);
      case 'placeholder': return session.placeholder(values.push(unused.arguments.shift() ?? ''));
    }
  });
  return { text: text.join('').trim(), values };
}

function escaped(value: string, backslashes: boolean): string {
  const doubled = value.replace(/'/g, "''");
  return backslashes ? doubled.replace(/\\/g, '\\\\') : doubled;
}

function withoutMark(sql: string): string {
  if (sql.includes(VALUE)) throw new SqlScriptError('has a null character, which no database reads');
  return sql;
}
