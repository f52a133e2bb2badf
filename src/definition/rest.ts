import { DefinitionField, DefinitionObject, DefinitionParameter } from './definition';
import { isUnknown, Planner } from './planner';
import { isSecretName } from './secrets';

/** The fields that no rule is about: types, parents, names, comments, what is the user's own, what nobody knew, and attributes of parameters. */
export function recordRest(planner: Planner): void {
  for (const object of planner.definition.objects) {
    for (const field of object.fields) if (!planner.entries.has(object.id, field.name)) recordField(planner, object, field);
    if (object.name !== undefined) {
      const same = object.name === object.id;
      record(planner, object.id, { name: 'name', values: [object.name], list: false, at: object.at }, same ? { fate: 'kept', to: 'id of the construct' } : { fate: 'kept', to: 'a comment' });
    }
  }
  for (const parameter of planner.definition.parameters) recordAttributes(planner, parameter);
}

/** Comments for the construct of an object: its name, if it has one of its own, and the fields of the user's own. */
export function commentsOf(planner: Planner, id: string): string[] {
  const object = planner.definition.objects.find((each) => each.id === id);
  if (!object) return [];
  const resolved = planner.object(id) ?? planner.defaults;
  const own = object.fields.filter(({ name }) => isUnknown(planner, resolved, name) && !planner.texts.taken.has(`${id}.${name}`) && !isSecretName(name));
  return [
    ...object.name === undefined || object.name === id ? [] : [object.name],
    ...own.map(({ name, values }) => `${name === 'myComment' ? '' : `${name}: `}${values.map((value) => typeof value === 'string' ? value : value.ref).join(', ')}`),
  ];
}

type Told = Parameters<Planner['entries']['record']>[1];

function record(planner: Planner, from: string, field: DefinitionField, told: Told): void {
  planner.entries.record({ ...field, from }, told);
}

function recordField(planner: Planner, object: DefinitionObject, field: DefinitionField): void {
  const resolved = planner.object(object.id) ?? planner.defaults;
  record(planner, object.id, field, fateOf(planner, object, field));
  if (!isUnknown(planner, resolved, field.name) || /^\*?my/.test(field.name) || planner.texts.taken.has(`${object.id}.${field.name}`)) return;
  if (resolved === planner.defaults || resolved.type === undefined) return;
  planner.tell('warning', resolved, { ...field, from: object.id }, `is no field of ${resolved.type}: AWS Data Pipeline ignored it, and so is it here`);
}

function fateOf(planner: Planner, { id }: DefinitionObject, { name }: DefinitionField): Told {
  const resolved = planner.object(id) ?? planner.defaults;
  if (name === 'type') return { fate: 'kept', to: planner.typeOf(id)?.construct ?? (resolved === planner.defaults ? 'Pipeline' : 'a value of props') };
  if (name === 'parent') return { fate: 'changed', to: 'the props themselves', why: 'What it gives is written out.' };
  if (planner.texts.taken.has(`${id}.${name}`)) return { fate: 'changed', to: 'its value, where expressions name it', why: 'Constructs have no fields of the user\'s own.' };
  if (isSecretName(name)) return { fate: 'not possible', why: 'Nothing that runs uses it.', instead: 'Nothing.' };
  if (!isUnknown(planner, resolved, name) || resolved.type === undefined && resolved !== planner.defaults) {
    return { fate: 'not possible', why: 'It is in error, or overridden by all that inherit it.', instead: 'See the errors and warnings about it.' };
  }
  return { fate: 'kept', to: 'a comment' };
}

const ATTRIBUTES: Readonly<Record<string, Told>> = {
  allowedvalues: { fate: 'changed', to: 'a check of the definition\'s values', why: 'Parameters have types, and no lists of values.' },
  default: { fate: 'kept', to: 'parameters of the Pipeline' },
  description: { fate: 'kept', to: 'a comment' },
  helplabel: { fate: 'not possible', why: 'It is of the console of AWS Data Pipeline.', instead: 'Nothing.' },
  helptext: { fate: 'not possible', why: 'It is of the console of AWS Data Pipeline.', instead: 'Nothing.' },
  isarray: { fate: 'kept', to: 'the values, each by itself' },
  optional: { fate: 'changed', to: 'a default', why: 'Parameters have values.' },
  type: { fate: 'kept', to: 'parameterTypes of the Pipeline' },
  watermark: { fate: 'not possible', why: 'It is of the console of AWS Data Pipeline.', instead: 'Nothing.' },
};

function recordAttributes(planner: Planner, { id, attributes }: DefinitionParameter): void {
  for (const attribute of attributes) {
    const told = ATTRIBUTES[attribute.name.toLowerCase()] ?? { fate: 'not possible', why: 'AWS Data Pipeline knew no such attribute.', instead: 'Nothing.' };
    const secret = isSecretName(id) && attribute.name === 'default';
    record(planner, id, secret ? { ...attribute, values: ['(a secret)'] } : attribute, secret ? { fate: 'changed', to: 'a secret', why: 'A secret of AWS Secrets Manager holds the value.' } : told);
  }
}
