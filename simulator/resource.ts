import { TaskRequest } from './task';

/** What a Task state's Resource names. */
export type Resource =
  | { readonly kind: 'integration'; readonly handler: string } & Pick<TaskRequest, 'service' | 'action' | 'pattern'>
  | { readonly kind: 'lambda' }
  | { readonly kind: 'activity' };

const INTEGRATION = /^arn:[a-z-]+:states:[a-z0-9-]*:\d*:((?:aws-sdk:)?[a-z0-9]+):([A-Za-z0-9]+)(?:\.(sync:2|sync|waitForTaskToken))?$/;
const LAMBDA = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d+:function:[^:]+(:[^:]+)?$/;
const ACTIVITY = /^arn:[a-z-]+:states:[a-z0-9-]+:\d+:activity:.+$/;

export const RESOURCE_FORMS = 'arn:aws:states:::<service>:<action>[.sync|.sync:2|.waitForTaskToken], ' +
  'arn:aws:lambda:<region>:<account>:function:<name> or arn:aws:states:<region>:<account>:activity:<name>';

const parsed = new Map<string, Resource | undefined>();

/** Undefined for what is none of RESOURCE_FORMS. */
export function parseResource(arn: string): Resource | undefined {
  if (!parsed.has(arn)) parsed.set(arn, parse(arn));
  return parsed.get(arn);
}

function parse(arn: string): Resource | undefined {
  if (LAMBDA.test(arn)) return { kind: 'lambda' };
  if (ACTIVITY.test(arn)) return { kind: 'activity' };
  const [, service, action, pattern] = INTEGRATION.exec(arn) ?? [];
  return service ? { kind: 'integration', service, action, pattern: pattern as TaskRequest['pattern'], handler: `${service}:${action}` } : undefined;
}

/** Under which name a handler for a resource is registered; undefined where none is needed. */
export function handlerName(resource: Resource): string | undefined {
  switch (resource.kind) {
    case 'activity': return undefined;
    case 'lambda': return 'lambda:invoke';
    default: return resource.handler;
  }
}
