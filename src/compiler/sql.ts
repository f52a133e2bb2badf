/** SQL whose values are known to the run only: they become string literals, whatever characters they have. */
import { Token } from 'aws-cdk-lib';
import { field, jsonata } from './asl';
import { stringLiteral } from './redshift-copy';
import { TextRenderer } from './text';
import { SqlPiece } from './work';

export function sqlText(texts: TextRenderer, pieces: readonly SqlPiece[]): string {
  const constant = pieces.every((piece) => typeof piece === 'string' || isPlain(piece.literal.text));
  if (constant) return field(pieces.map((piece) => typeof piece === 'string' ? piece : stringLiteral(piece.literal.text)).join(''));
  return jsonata(pieces.map((piece) => typeof piece === 'string' ? texts.literal(piece) : quoted(texts.operand(piece.literal))).join(' & '));
}

function isPlain(text: string): boolean {
  return !Token.isUnresolved(text) && !text.includes('#{');
}

function quoted(operand: string): string {
  return `"'" & $replace(${operand}, "'", "''") & "'"`;
}
