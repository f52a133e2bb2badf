import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { WorkerGroup } from '../../src';
import { pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const LOGS = 'arn:aws:s3:::logs/p';

describe('a worker group', () => {
  const TASKS = ['states:SendTaskFailure *', 'states:SendTaskHeartbeat *', 'states:SendTaskSuccess *'];

  test('has a role for hosts that SSM manages: its tasks, its queue, its logs', () => {
    const scope = pipeline();
    const group = shell(scope, 'A').pipeline.node.findChild('Hosts') as WorkerGroup;
    expect(granted(group.role as Role)).toEqual([
      `s3:AbortMultipartUpload ${LOGS}/*`, `s3:PutObject ${LOGS}/*`, 'states:GetActivityTask arn:aws:states:us-east-1:111111111111:activity:PHostsActivity', ...TASKS,
    ]);
    Template.fromStack(Stack.of(scope)).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'ssm.amazonaws.com' } })] },
    });
  });

  test('adds to a role that is given', () => {
    const scope = pipeline();
    const role = new Role(scope, 'HostRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    shell(scope, 'A', { runsOn: new WorkerGroup(scope, 'Plant', { role }) });
    expect(granted(role)).toEqual(expect.arrayContaining(['states:GetActivityTask arn:aws:states:us-east-1:111111111111:activity:PPlantActivity', ...TASKS]));
  });
});
