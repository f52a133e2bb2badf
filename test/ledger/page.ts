/** FIELDS.md: where each field of AWS Data Pipeline is. */
import documented from './data-pipeline-fields.json';
import { Field, isProp, ObjectType } from './ledger';
import { OBJECT_TYPES } from './objects';

const HEAD = `# Fields of AWS Data Pipeline

Every object type of AWS Data Pipeline with the fields that its definitions may give, and the construct and prop that stand for them here.
This page is written from a table that the tests hold against the constructs: giving a prop named here changes what is synthesized.
`;

/** The groups of fields that a definition may give; the others are written by a run. */
export function givenFields(type: keyof typeof documented): string[] {
  return Object.entries(documented[type]).flatMap(([group, fields]) => group === 'runtime' ? [] : Object.keys(fields));
}

export function page(): string {
  const types = Object.keys(documented).sort((a, b) => a.localeCompare(b, 'en'));
  return [HEAD, ...types.map((name) => section(name, OBJECT_TYPES[name]))].join('\n');
}

function section(name: string, type: ObjectType): string {
  const rows = Object.entries(type.fields).sort(([a], [b]) => a.localeCompare(b, 'en')).map(([field, where]) => `| \`${field}\` | ${cell(where)} |`);
  return [`## ${name}`, '', `\`${type.construct}\``, '', '| field | here |', '|---|---|', ...rows, ''].join('\n');
}

function cell(field: Field): string {
  return isProp(field) ? `\`${field.prop}\`` : `cannot be: ${field.reason} Instead: ${field.instead}`;
}
