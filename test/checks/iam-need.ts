/** Permissions as plain data: what a role needs, and what a template grants it. */
import { SynthesizedTemplate } from './template';
import { isObject, JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

/** One action on one resource, under one condition. */
export interface Permission {
  readonly roleArn: string;
  readonly action: string;
  /** An ARN, where `*` stands for what is not known at deployment; `*` alone where the action has no resource types. */
  readonly resource: string;
  readonly condition?: JsonObject;
}

/** Comparable: lists in one order, single values as lists of one. */
export function shown({ action, resource, condition }: Permission): string {
  const conditions = Object.entries(condition ?? {}).flatMap(([operator, keys]) => Object.entries(keys as JsonObject)
    .map(([key, values]) => ` if ${key} ${operator} ${[values].flat().map(String).sort().join(' | ')}`));
  return `${action} on ${resource}${conditions.sort().join('')}`;
}

/** Everything that the template's policies allow a role. Deny statements and Not... elements are refused: nothing here writes them. */
export function granted(template: SynthesizedTemplate): Permission[] {
  const attached = template.ofType('AWS::IAM::Policy').flatMap(({ properties }) => (
    (properties.Roles as string[]).flatMap((role) => statements(template.arn(role), properties.PolicyDocument))
  ));
  const own = template.ofType('AWS::IAM::Role').flatMap(({ id, properties }) => [
    ...(properties.Policies as JsonObject[] ?? []).flatMap(({ PolicyDocument }) => statements(template.arn(id), PolicyDocument)),
    ...(properties.ManagedPolicyArns as string[] ?? []).map((resource) => ({ roleArn: template.arn(id), action: 'managed policy', resource })),
  ]);
  return [...attached, ...own];
}

function statements(roleArn: string, document: Json): Permission[] {
  return ((document as JsonObject).Statement as JsonObject[]).flatMap(({ Effect, Action, Resource, Condition }) => {
    if (Effect !== 'Allow' || Action === undefined || Resource === undefined) {
      throw new Error(`${roleArn}: only Allow, Action and Resource are understood here`);
    }
    const condition = isObject(Condition) ? Condition : undefined;
    return strings(Action).flatMap((action) => strings(Resource).map((resource) => ({ roleArn, action, resource, condition })));
  });
}

function strings(value: Json): string[] {
  return [value].flat().map(String);
}

/** The services, or the account, that may assume a role. */
export function trusted(template: SynthesizedTemplate, roleArn: string): string[] {
  const role = template.ofType('AWS::IAM::Role').find(({ id }) => template.arn(id) === roleArn);
  const document = role?.properties.AssumeRolePolicyDocument as JsonObject | undefined;
  const principals = (document?.Statement as JsonObject[] ?? []).map(({ Principal }) => Principal);
  return principals.flatMap((principal) => strings(isObject(principal) ? principal.Service ?? principal.AWS : principal));
}
