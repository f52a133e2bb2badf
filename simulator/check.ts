import { Definition } from './definition';
import { DefinitionError } from './errors';
import { GraphCheck } from './graph-check';
import { isObject } from './json';
import { ShapeCheck } from './shape-check';
import { Json } from './task';

const MAX_DEFINITION_BYTES = 1024 * 1024;

/**
 * A definition that the interpreter can trust: every field is known and of its type, every expression compiles, every state can
 * be reached and leads somewhere, names are unique in the whole machine, and no inner scope assigns an outer one's variable.
 * Throws a DefinitionError with all problems, each naming the state and the field; JSONPath is refused in every form.
 */
export function checkDefinition(definition: Json): Definition {
  const problems: string[] = [];
  if (!isObject(definition)) throw new DefinitionError([`the definition must be a JSON object; got ${JSON.stringify(definition)}`]);
  if (Buffer.byteLength(JSON.stringify(definition)) > MAX_DEFINITION_BYTES) problems.push('the definition is larger than 1 MB');
  new ShapeCheck(problems).machine(definition);
  if (problems.length > 0) throw new DefinitionError(problems);
  const checked = definition as unknown as Definition;
  new GraphCheck(problems).scope('state machine', checked, new Set());
  if (problems.length > 0) throw new DefinitionError(problems);
  return checked;
}
