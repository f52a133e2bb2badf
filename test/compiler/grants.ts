import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { concrete } from './machines';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

/** What the policies of a role allow, as `<action> <resource>` lines in order; `if` says that a condition narrows it. */
export function granted(role: Construct): string[] {
  const stack = Stack.of(role);
  const id = (stack.resolve((role.node.defaultChild as { ref?: string } | undefined)?.ref) as { Ref: string }).Ref;
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => (Properties.Roles as Array<{ Ref: string }>).some(({ Ref }) => Ref === id));
  return policies.flatMap(({ Properties }) => lines(concrete(stack, Properties.PolicyDocument.Statement) as unknown as Statement[])).sort();
}

function lines(statements: Statement[]): string[] {
  return statements.flatMap(({ Action, Resource, Condition }) => [Action].flat()
    .flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}${Condition ? ' if' : ''}`)));
}
