import { Code, isConstruct, Planned, Props } from '../../src/definition/code';
import { planDefinition } from '../../src/definition/plan-definition';
import { describe as inWords } from '../../src/definition/problem';
import { readDefinition } from '../../src/definition/read';
import { validateJson } from '../../src/definition/validate';

/** A definition, and what it becomes: the files in test/cases/definitions. */
export interface DefinitionCase {
  readonly definition: unknown;
  readonly options?: { readonly cutover?: string; readonly parameterValues?: Record<string, string> };
  /** In TypeScript, by id. */
  readonly pipeline?: Record<string, string>;
  readonly objects?: Record<string, string>;
  readonly problems?: readonly string[];
}

export type Outcome = Required<Pick<DefinitionCase, 'pipeline' | 'objects' | 'problems'>>;

export function outcomeOf({ definition, options = {} }: DefinitionCase): Outcome {
  const text = JSON.stringify(definition);
  const given = { parameterValues: options.parameterValues, cutover: options.cutover === undefined ? undefined : new Date(options.cutover) };
  const { pipeline, objects } = planDefinition(readDefinition(text).value, given);
  return {
    pipeline: Object.fromEntries(pipeline.props.map(([name, code]) => [name, written(code)])),
    objects: Object.fromEntries(objects.map((each) => [each.id, ofPlanned(each)])),
    // Lines are of files; here all is on one.
    problems: validateJson(text, given).map((problem) => inWords({ ...problem, at: undefined })),
  };
}

function ofPlanned(planned: Planned): string {
  return isConstruct(planned) ? `new ${planned.construct}(${object(planned.props)})` : written(planned.value);
}

function written(code: Code): string {
  const all = (codes: readonly Code[]) => codes.map(written).join(', ');
  switch (code.kind) {
    case 'literal': return JSON.stringify(code.value);
    case 'list': return `[${all(code.items)}]`;
    case 'object': return object(code.props);
    case 'member': return `${code.of}.${code.name}`;
    case 'call': return `${code.callee}(${all(code.args)})`;
    case 'new': return `new ${code.name}(${all(code.args)})`;
    case 'existing': return `${code.callee}(${written(code.value)})`;
    case 'object-ref': return code.id;
    case 'parameter': return `props.${code.name} (${code.value})`;
    case 'template': return code.parts.map(written).join(' + ');
    case 'given': return `secrets.${code.name}`;
  }
}

function object(props: Props): string {
  return `{ ${props.map(([name, code]) => `${name}: ${written(code)}`).join(', ')} }`;
}
