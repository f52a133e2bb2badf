import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { WorkerGroup, WorkerGroupProps } from '../../src';
import { pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { concrete } from '../compiler/machines';

const LOGS = 'arn:aws:s3:::logs/p';

describe('a worker group', () => {
  const TASKS = ['states:SendTaskFailure *', 'states:SendTaskHeartbeat *', 'states:SendTaskSuccess *'];

  test('has a role for hosts that SSM manages: its tasks, its queue, its logs', () => {
    const scope = pipeline();
    const group = shell(scope, 'A').pipeline.node.findChild('Hosts') as WorkerGroup;
    expect(granted(group.role as Role).filter((line) => !/^(ssm|ssmmessages|ec2messages):/.test(line))).toEqual([
      `s3:AbortMultipartUpload ${LOGS}/*`,
      expect.stringMatching(/^s3:GetObject arn:aws:s3:::cdk-[^*]+\.js$/),
      expect.stringMatching(/^s3:ListBucket arn:aws:s3:::cdk-[^*]+ if$/),
      `s3:PutObject ${LOGS}/*`,
      'states:GetActivityTask arn:aws:states:us-east-1:111111111111:activity:PHostsActivity',
      ...TASKS,
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

test('what else the hosts of a worker group may do is granted to it', () => {
  const scope = pipeline();
  const group = shell(scope, 'A').pipeline.node.findChild('Hosts') as WorkerGroup;
  Topic.fromTopicArn(scope, 'Topic', 'arn:aws:sns:us-east-1:111111111111:shop').grantPublish(group);
  expect(granted(group.role as Role)).toContain('sns:Publish arn:aws:sns:us-east-1:111111111111:shop');
});

describe('the hosts of a worker group', () => {
  interface Step { readonly action: string; readonly inputs: { readonly runCommand?: string[]; readonly destinationPath?: string } }

  function applied(props: WorkerGroupProps = {}) {
    const scope = pipeline();
    const group = new WorkerGroup(scope, 'Plant', props);
    shell(scope, 'A', { runsOn: group });
    const stack = Stack.of(scope);
    const template = Template.fromStack(stack);
    const only = (type: string) => concrete(stack, Object.values(template.findResources(type))[0].Properties) as Record<string, unknown>;
    const { mainSteps: [fetch, apply] } = only('AWS::SSM::Document').Content as { mainSteps: Step[] };
    return { group, fetch, script: apply.inputs.runCommand!.join('\n'), association: only('AWS::SSM::Association') };
  }
  const plain = applied();

  test('are those with a tag that is the group\'s own: State Manager keeps Task Runner there, and says how it went beside the logs', () => {
    expect(plain.group.hostTagKey).toBe('datapipeline:worker-group:p.Plant');
    expect(plain.association).toEqual({
      Name: 'PPlantHostsDocument',
      AssociationName: 'p.Plant',
      Targets: [{ Key: 'tag:datapipeline:worker-group:p.Plant', Values: ['task-runner'] }],
      Parameters: { Action: ['Install'], Version: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
      ScheduleExpression: 'rate(1 hour)',
      OutputLocation: { S3Location: { OutputS3BucketName: 'logs', OutputS3KeyPrefix: 'p/worker-groups/p.Plant/systems-manager' } },
    });
  });

  test('get Task Runner from Systems Manager, and its options from the group', () => {
    expect(plain.fetch).toMatchObject({ action: 'aws:downloadContent', inputs: { destinationPath: expect.stringMatching(/task-runner\/[0-9a-f]{64}\/$/) } });
    expect(plain.script).toContain('\nOPTIONS=--workerGroup arn:aws:states:us-east-1:111111111111:activity:PPlantActivity --region us-east-1 --tasks 2 '
      + '--drainTimeout 86400 --workDir /var/lib/data-pipeline/hosts/p.Plant --logUri s3://logs/p/worker-groups/p.Plant/task-runner/\n');
  });

  test('are looked after anew, at once, when their props change', () => {
    const hosts = { tasks: 5, user: 'etl', drainTimeout: Duration.minutes(1), scheduleExpression: 'cron(0 0 2 ? * SUN *)' };
    const { script, association } = applied({ hosts });
    for (const line of [' --tasks 5 ', '\nUser=etl\n', '\nTimeoutStopSec=120\n', '/drain \\$MAINPID 60\n']) expect(script).toContain(line);
    expect(association.ScheduleExpression).toBe(hosts.scheduleExpression);
    expect(association.Parameters).not.toEqual(plain.association.Parameters);
  });

  test('register with an activation that is renewed every day, and whose code only a SecureString has', () => {
    const template = Template.fromStack(Stack.of(plain.group));
    const activation = {
      IamRole: { Ref: Match.stringLikeRegexp('^PPlantRole') },
      DefaultInstanceName: 'p.Plant',
      RegistrationLimit: '10',
      TagKey: plain.group.hostTagKey,
      TagValue: 'task-runner',
      ParameterName: '/datapipeline/worker-groups/p.Plant',
    };
    template.hasResourceProperties('Custom::DataPipelineActivation', activation);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 day)',
      Target: { Input: { 'Fn::Join': ['', [Match.stringLikeRegexp('^{"kind":"renew","IamRole":"$'), activation.IamRole, Match.anyValue()]] } },
    });
    expect(plain.group.activationParameterName).toBe(activation.ParameterName);
  });

  test('that have their role from elsewhere need no activation', () => {
    const scope = pipeline();
    const role = Role.fromRoleName(scope, 'HostRole', 'instances');
    expect(new WorkerGroup(scope, 'Plant', { role }).activationParameterName).toBeUndefined();
    expect(new WorkerGroup(scope, 'Depot', { role, hosts: { registrationLimit: 1 } }).activationParameterName).toBe('/datapipeline/worker-groups/p.Depot');
  });
});
