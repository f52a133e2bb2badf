/**
 * In every example, each role has what is done with it, and nothing else: the permissions that the calls need, as
 * `iam-calls.ts` and `iam-roles.ts` write them down, against those that the template grants, in both directions.
 */
import { EXAMPLES } from './examples';
import { granted, Permission, shown, trusted } from './iam-need';
import { needed, RoleUse } from './iam-roles';
import { SynthesizedTemplate, Template } from './template';

/** What is done in each example; rehearsing its machines takes a while. */
const usesIn = new Map(EXAMPLES.map(({ name, app, templates }) => {
  let uses: Promise<RoleUse[]> | undefined;
  return [name, () => uses ??= needed(app(), templates()[0])];
}));

/** A role's permissions, each once, by the role's id; roles that are not the template's are their owner's to grant to. */
type Roles = Record<string, string[]>;

describe.each(EXAMPLES)('$name', ({ name, templates }) => {
  let template: SynthesizedTemplate;
  let uses: RoleUse[];

  beforeAll(async () => {
    [template] = templates();
    uses = await usesIn.get(name)!();
  }, 240_000);

  test('each role is granted what is done with it, and nothing else', () => {
    const own = OWN_GRANTS[name] ?? [];
    expect(Object.values(byRole(template, granted(template))).flat()).toEqual(expect.arrayContaining(own));
    expect(byRole(template, granted(template).filter((permission) => !own.includes(shown(permission))))).toEqual(byRole(template, uses));
  });

  test('each role trusts the service that has it, and no other', () => {
    const own = uses.filter((use) => isOwn(template, use)).map(({ roleArn, service }) => ({ roleArn, services: [service] }));
    expect(own.map(({ roleArn }) => ({ roleArn, services: trusted(template, roleArn) }))).toEqual(own);
  });

  test('every role is accounted for', () => {
    const known = new Set(uses.map(({ roleArn }) => roleArn));
    expect(template.ofType('AWS::IAM::Role').map(({ id }) => template.arn(id)).filter((role) => !known.has(role))).toEqual([]);
  });
});

/** What grantRead of a CDK bucket, or of an asset in the bucket of CDK's bootstrap stack, grants: more than the library does. */
const readBucket = (bucket: string, keys: string): string[] => ['s3:GetObject*', 's3:GetBucket*', 's3:List*']
  .flatMap((action) => [`${action} on arn:aws:s3:::${bucket}`, `${action} on arn:aws:s3:::${bucket}/${keys}`]);

/** What an example's own code grants, for what its steps read besides data nodes. */
const OWN_GRANTS: Readonly<Record<string, string[]>> = {
  'run-aws-cli-command': ['sns:Publish on arn:aws:sns:eu-central-1:111122223333:mornings'],
  'hourly-log-etl': readBucket('cdk-hnb659fds-assets-111122223333-eu-central-1', '*'),
  'nightly-orders': [
    ...readBucket('shop-lake', 'applications/*'),
    'kms:DescribeKey on arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000',
  ],
};

function isOwn(template: SynthesizedTemplate, { roleArn }: Permission): boolean {
  return template.ofType('AWS::IAM::Role').some(({ id }) => template.arn(id) === roleArn);
}

function byRole(template: SynthesizedTemplate, permissions: readonly Permission[]): Roles {
  const roles = template.ofType('AWS::IAM::Role').map(({ id }) => id);
  return Object.fromEntries(roles.map((id) => [
    id, [...new Set(permissions.filter(({ roleArn }) => roleArn === template.arn(id)).map(shown))].sort(),
  ]));
}

describe('bites', () => {
  const EVERYTHING = '(everything)';
  const { app } = EXAMPLES.find(({ name }) => name === EVERYTHING)!;
  const synthesized = () => structuredClone(app().synth().stacks[0].template) as Template;
  let uses: Roles;

  beforeAll(async () => {
    uses = byRole(new SynthesizedTemplate(synthesized()), await usesIn.get(EVERYTHING)!());
  }, 240_000);

  test.each<[string, (policy: Policy) => void]>([
    ['a statement that is missing', ({ Statement }) => Statement.splice(Statement.findIndex(({ Action }) => Action === 'lambda:InvokeFunction'), 1)],
    ['an action that is missing', ({ Statement }) => several(Statement, 'Action').Action.shift()],
    ['a resource that is missing', ({ Statement }) => several(Statement, 'Resource').Resource.pop()],
    ['a condition that is missing', ({ Statement }) => delete Statement.find(({ Condition }) => Condition)?.Condition],
    ['a condition that allows more', ({ Statement }) => Object.assign(Statement.find(({ Condition }) => Condition)?.Condition ?? {}, { StringLike: { 'aws:ResourceTag/any': '*' } })],
    ['an action too many', ({ Statement }) => several(Statement, 'Action').Action.push('dynamodb:DeleteItem')],
    ['an action that is a wildcard', ({ Statement }) => several(Statement, 'Action').Action.push('dynamodb:*')],
    ['a resource too many', ({ Statement }) => several(Statement, 'Resource').Resource.push('*')],
  ])('%s', (_, change) => {
    const template = synthesized();
    change(runPolicy(template));
    const changed = new SynthesizedTemplate(template);
    expect(byRole(changed, granted(changed))).not.toEqual(uses);
  });

  test('nothing that is as it was', () => {
    const template = new SynthesizedTemplate(synthesized());
    expect(byRole(template, granted(template))).toEqual(uses);
  });
});

interface Policy {
  readonly Statement: Array<Record<string, unknown>>;
}

function runPolicy({ Resources }: Template): Policy {
  const policies = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy').map(({ Properties }) => (Properties as unknown as { PolicyDocument: Policy }).PolicyDocument);
  return policies.sort((a, b) => b.Statement.length - a.Statement.length)[0];
}

function several<Field extends string>(statements: Policy['Statement'], field: Field): Record<Field, string[]> {
  // The one with most: what smaller ones allow, the reaper's policy may allow the same role too.
  const count = (statement: Policy['Statement'][number]) => (statement[field] as string[]).length;
  const [found] = statements.filter((statement) => Array.isArray(statement[field])).sort((a, b) => count(b) - count(a));
  if (!found) throw new Error(`no statement has several of ${field}`);
  return found as Record<Field, string[]>;
}
