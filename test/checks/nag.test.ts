/**
 * cdk-nag's AwsSolutions pack over every example. What it finds and we leave stands below with the reason, by the construct's
 * path and the rule; a reason that nothing needs any more is an error too.
 *
 * The findings on wildcards carry the whole resource in their id, tokens included, which a construct does not know when it is
 * made: that is why these do not stand in the library as acknowledgements. `iam.test.ts` holds every wildcard to what is used.
 */
import { AwsSolutionsChecks } from 'cdk-nag';
import { EXAMPLES } from './examples';

interface Accepted {
  readonly path: RegExp;
  readonly rule: RegExp;
  readonly reason: string;
}

const POLICY = /(Policy|DefaultPolicy\/Resource)$/;

const ACCEPTED: readonly Accepted[] = [
  {
    path: POLICY,
    rule: /IAM5\[Resource::\*\]$/,
    reason: 'actions without resource types: log delivery, traces, SendTask*, ListClusters, RunJobFlow, DescribeInstances, DescribeStatement, SSM Agent\'s, activations',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::.*:elasticmapreduce:.*:cluster\/\*\]$/,
    reason: 'a cluster has its id from its launch; the condition is the tag of the pipeline',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::.*:ec2:.*:(instance|volume)\/\*\]$/,
    reason: 'an instance has its id from its launch; the condition is the tag of the pipeline',
  },
  {
    path: /\/(Run\/Policy|Launches\/DefaultPolicy\/Resource)$/,
    rule: /IAM5\[Resource::.*:ec2:.*:(network-interface|security-group|subnet|image)\/\*\]$/,
    reason: 'where none is given, a launch on Amazon EC2 is in the default VPC, from the newest image',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::.*:schedule\/<.*>\/\*\]$/,
    reason: 'a one-time schedule is named after its cluster, in a group that is the pipeline\'s own',
  },
  {
    path: /\/Teardown\/Policy$/,
    rule: /IAM5\[Resource::.*:execution:.*\]$/,
    reason: 'any execution of the pipeline\'s machines is stopped when the pipeline is deleted',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::.*:execution:<.*\.Name>:\*\]$/,
    reason: 'the executions of an activity\'s own machine',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::.*:workgroup\/\*\]$/,
    reason: 'a workgroup\'s ARN has its id, where only its name is given; `workgroupId` narrows it',
  },
  {
    path: POLICY,
    rule: /IAM5\[Resource::(<.*\.Arn>|arn:.*:s3:::[^/]+)\/.*\*\]$/,
    reason: 'the objects under a data node, or of logs: up to what only a run knows of the key',
  },
  {
    path: /\/(Instance)?Role\/DefaultPolicy\/Resource$/,
    rule: /IAM5\[Resource::.*:dynamodb:.*:table\/.+\*\]$/,
    reason: 'the tables of a data node: up to what only a run knows of the name',
  },
  {
    path: /ServiceRole\/DefaultPolicy\/Resource$/,
    rule: /IAM5\[Resource::.*:(subnet|vpc)\/\*\]$/,
    reason: 'where no subnet is given, Amazon EMR chooses one of the default VPC',
  },
  {
    path: /\/InstanceRole\/DefaultPolicy\/Resource$/,
    rule: /IAM5\[Action::s3:(GetObject|GetBucket|List)\*\]$/,
    reason: 'grantRead of CDK\'s buckets and assets, called by the example itself',
  },
  {
    path: /\/ServiceRole\/Resource$/,
    rule: /IAM4\[.*AmazonEMRServicePolicy_v2\]$/,
    reason: 'AWS\'s policy for the role that Amazon EMR has, limited to resources with its tag',
  },
  {
    path: /\/ServiceRole\/Resource$/,
    rule: /IAM4\[.*AWSLambdaBasicExecutionRole\]$/,
    reason: 'CDK\'s Function adds it; it writes logs',
  },
  {
    path: /\/(Calendar|PreconditionChecker|Lifecycle)\/Resource$/,
    rule: /L1$/,
    reason: 'Node.js 22 has long-term support; a runtime is changed when the tests have run on it',
  },
  {
    path: /\/LostTicks\/Resource$/,
    rule: /SQS3$/,
    reason: 'it is a dead-letter queue itself',
  },
  {
    path: /\/Logs\/Resource$/,
    rule: /S1$/,
    reason: 'it holds logs; a user who wants its access logged gives `logBucket`',
  },
  {
    path: /^Everything\/(Bucket|BucketKey|TopicKey|Topic|Password|FarPassword|ProxyPassword|Credentials)\//,
    rule: /./,
    reason: 'the checks\' own, never deployed',
  },
];

const findings = EXAMPLES.flatMap(({ name, app }) => {
  app().synth();
  const { violations } = new AwsSolutionsChecks(app()).validateScope(app());
  return violations.flatMap(({ ruleName: rule, violatingResources }) => violatingResources.map(({ constructPath: path = '' }) => ({ name, rule, path })));
});
const covers = (accepted: Accepted) => ({ path, rule }: { path: string; rule: string }) => accepted.path.test(path) && accepted.rule.test(rule);

test.each(EXAMPLES)('$name has no finding without a reason', ({ name }) => {
  expect(findings.filter((finding) => finding.name === name && !ACCEPTED.some((accepted) => covers(accepted)(finding)))).toEqual([]);
});

test.each(ACCEPTED)('a finding needs the reason: $reason', (accepted) => {
  expect(findings.some(covers(accepted))).toBe(true);
});
