import { piecesOf } from '../compiler/step-argument';
import { checkList, checkText, Text } from '../compiler/text';
import { Connection, connectionOf, ConnectionError, Engine, settingsOf } from '../contract/connection';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

/** What is known of a connection string at synth: of one that is a value as a whole, nothing. */
export function checkConnectionString(
  object: PipelineObject, connectionString: string, jdbcProperties: string[] = [],
): { text: Text; known?: Connection } {
  const text = checkText(object, 'connectionString', connectionString);
  checkList(object, 'jdbcProperties', jdbcProperties);
  const written = piecesOf(connectionString).map((piece, index) => index % 2 === 0 ? piece : '1').join('');
  if (piecesOf(connectionString)[0] === '' && connectionString !== '') return { text };
  const known = refusing(object, 'connectionString', () => connectionOf(written));
  checkProperties(object, known.engine, jdbcProperties);
  return { text, known };
}

/** Those without expressions: the driver refuses the others when it connects. */
export function checkProperties(object: PipelineObject, engine: Engine, jdbcProperties: string[] = []): void {
  refusing(object, 'jdbcProperties', () => settingsOf(engine, jdbcProperties.filter((property) => piecesOf(property).length === 1)));
}

function refusing<T>(object: PipelineObject, prop: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConnectionError ? invalid(object, prop, error.message) : error;
  }
}
