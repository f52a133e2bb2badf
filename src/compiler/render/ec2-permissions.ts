/** What a run must be allowed for transient instances: the least that IAM can express. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Pipeline } from '../../pipeline';
import type { Ec2Resource } from '../../resources/ec2-resource';

const PIPELINE_TAG = 'datapipeline:pipeline';

/** On instances that carry the pipeline's tag. */
export function instanceStatements(pipeline: Pipeline, ...actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `ec2:${action}`),
    resources: [ec2Arn(pipeline, 'instance')],
    conditions: { StringEquals: { [`ec2:ResourceTag/${PIPELINE_TAG}`]: pipeline.pipelineName } },
  });
}

export function launchStatements(resource: Ec2Resource): PolicyStatement[] {
  const { pipeline, _launch: { instanceRole, imageParameter, market, launchedWith } } = resource;
  const requested = { StringEquals: { [`aws:RequestTag/${PIPELINE_TAG}`]: pipeline.pipelineName } };
  const tagged = ['instance', 'volume'].map((kind) => ec2Arn(pipeline, kind));
  return [
    new PolicyStatement({ actions: ['ec2:RunInstances'], resources: tagged, conditions: requested }),
    new PolicyStatement({ actions: ['ec2:RunInstances'], resources: launchedWith }),
    new PolicyStatement({ actions: ['ec2:CreateTags'], resources: tagged, conditions: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } } }),
    new PolicyStatement({ actions: ['iam:PassRole'], resources: [instanceRole.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }),
    ...imageParameter === undefined ? [] : [new PolicyStatement({
      actions: ['ssm:GetParameters'],
      resources: [Stack.of(pipeline).formatArn({ service: 'ssm', account: '', resource: 'parameter', resourceName: imageParameter.slice(1) })],
    })],
    ...market === undefined ? [] : [spotRole(pipeline)],
  ];
}

/** To send tasks to instances that carry the pipeline's tag, by the one document. */
export function sendStatements({ pipeline, _launch: { documentArn } }: Ec2Resource): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['ssm:SendCommand'], resources: [documentArn] }),
    new PolicyStatement({
      actions: ['ssm:SendCommand'],
      resources: [ec2Arn(pipeline, 'instance')],
      conditions: { StringEquals: { [`ssm:resourceTag/${PIPELINE_TAG}`]: pipeline.pipelineName } },
    }),
  ];
}

/** The role by which Amazon EC2 launches Spot Instances; the first launch in an account makes it. */
function spotRole(pipeline: Pipeline): PolicyStatement {
  const service = 'spot.amazonaws.com';
  return new PolicyStatement({
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [Stack.of(pipeline).formatArn({
      service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${service}/AWSServiceRoleForEC2Spot`,
    })],
    conditions: { StringEquals: { 'iam:AWSServiceName': service } },
  });
}

function ec2Arn(pipeline: Pipeline, resource: string): string {
  return Stack.of(pipeline).formatArn({ service: 'ec2', resource, resourceName: '*' });
}
