/**
 * What MiniStack 1.5.33 does otherwise than AWS, worked around in what it is given, each in the one place where it matters:
 *
 * - it evaluates neither Assign nor Output of a Parallel, and all branches share one context object, so that one branch's retries
 *   are counted in another: a Parallel becomes a Map over the numbers of its branches, which has neither fault;
 * - it ignores Output of a Succeed, which becomes a Pass that ends;
 * - a TimeoutSeconds or HeartbeatSeconds that is an expression crashes it, and goes: no attempt here takes that long;
 * - its CloudFormation does not know all types: what it does not know is left out, or made through the API.
 *
 * Nothing is done about an error that a Lambda function names, which it calls Runtime.HandlerError: a check that does not hold is
 * retried there as an unknown error, 8 times at most.
 */
import { isObject, JsonObject } from '../../../simulator/json';
import { Json } from '../../../simulator/task';

type States = Record<string, JsonObject>;

/** A machine for MiniStack, and what was changed in it. */
export interface Rewritten {
  readonly definition: JsonObject;
  readonly changes: readonly string[];
}

export function rewritten(machine: JsonObject): Rewritten {
  const changes: string[] = [];
  const scope = (each: JsonObject): JsonObject => ({
    ...each, States: Object.fromEntries(Object.entries(each.States as States).map(([name, state]) => [name, rewriteState(name, inside(state))])),
  });
  const inside = (state: JsonObject): JsonObject => ({
    ...state,
    ...Array.isArray(state.Branches) ? { Branches: (state.Branches as JsonObject[]).map(scope) } : {},
    ...isObject(state.ItemProcessor ?? null) ? { ItemProcessor: scope(state.ItemProcessor as JsonObject) } : {},
  });
  const rewriteState = (name: string, state: JsonObject): JsonObject => {
    const changed = asMap(name, asPass(withConstantTimes(state)));
    if (changed.Type !== state.Type) changes.push(`${name}: ${String(state.Type)} as ${String(changed.Type)}`);
    else if (Object.keys(changed).length !== Object.keys(state).length) changes.push(`${name}: without its time limit`);
    return changed;
  };
  return { definition: scope(machine), changes };
}

function asMap(name: string, state: JsonObject): JsonObject {
  if (state.Type !== 'Parallel') return state;
  const { Branches, Arguments: _, ...rest } = state;
  const branches = Branches as unknown as Array<{ StartAt: string; States: States }>;
  const choose = {
    Type: 'Choice',
    Choices: branches.map(({ StartAt }, index) => ({ Condition: `{% $states.input = ${index} %}`, Output: {}, Next: StartAt })),
    Default: branches[0].StartAt,
  };
  return {
    ...rest,
    Type: 'Map',
    Items: branches.map((_branch, index) => index),
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: `${name}: branch`,
      States: Object.assign({ [`${name}: branch`]: choose }, ...branches.map(({ States }) => States)) as States,
    },
  };
}

function asPass(state: JsonObject): JsonObject {
  return state.Type === 'Succeed' && state.Output !== undefined ? { ...state, Type: 'Pass', End: true } : state;
}

function withConstantTimes(state: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(state).filter(([name, value]) => !(/^(Timeout|Heartbeat)Seconds$/.test(name) && typeof value === 'string')));
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: object;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, Json>>;
}

/** A template without the resources that `replacements` names, whose Refs become these texts; it puts out the ids of all others. */
export function withoutResources(template: Template, replacements: Readonly<Record<string, string>>): Template {
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    if (entries.length === 1 && entries[0][0] === 'Ref' && String(entries[0][1]) in replacements) return replacements[String(entries[0][1])];
    return Object.fromEntries(entries.map(([name, each]) => [name, name === 'DependsOn' ? kept(each as string | string[]) : replaced(each)]));
  };
  const kept = (names: string | readonly string[]) => [names].flat().filter((name) => !(name in replacements));
  const resources = Object.entries(template.Resources).filter(([id]) => !(id in replacements));
  const outputs = Object.fromEntries(resources.map(([id]) => [`Id${id}`, { Value: { Ref: id } }]));
  return { ...replaced({ ...template, Resources: Object.fromEntries(resources) }) as Template, Outputs: outputs };
}
