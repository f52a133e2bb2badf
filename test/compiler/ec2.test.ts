import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { pipeline } from './fixture';
import { granted } from './grants';
import { InstanceRun } from './instance-run';
import { runMachine } from './machines';
import { TaskFailure } from '../../simulator/task';
import { ActionOnResourceFailure, Ec2Resource, ShellCommandActivity } from '../../src';
import { INVALID_TASK } from '../../src/contract/errors';

const FINISHED = { status: 'FINISHED', attempts: 1 };

test('an instance is launched when its activity is ready, and ended when it has settled', async () => {
  const run = new InstanceRun();
  expect(await run.objects()).toMatchObject({ A: FINISHED, Host: FINISHED });
  expect(run.instances).toEqual(['1 terminated']);
  expect(run.tasks).toEqual(['A 1']);
  expect(run.ssm.sent[1].task).toMatchObject({ version: 1, kind: 'shell', command: 'do A', attempt: 1, run: 'run', logUri: 's3://logs/p/A/run/1/' });
  expect(run.ec2.instances[0].tags).toMatchObject({ 'datapipeline:pipeline': 'p', 'datapipeline:run': 'run', 'datapipeline:object': 'Host' });
});

test('three in a row work on one', async () => {
  const run = new InstanceRun({
    activities: (all) => {
      const first = all.add('A');
      all.add('C', { dependsOn: [all.add('B', { dependsOn: [first] })] });
    },
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, B: FINISHED, C: FINISHED, Host: FINISHED });
  expect(run.tasks).toEqual(['A 1', 'B 1', 'C 1']);
  expect(run.instances).toEqual(['1 terminated']);
});

test('activities in several branches share one, which is ended after the last', async () => {
  const run = new InstanceRun({
    activities: (all) => {
      const [a, b] = [all.add('A'), all.add('B')];
      all.add('C', { dependsOn: [a, b] });
      all.add('D', { dependsOn: [b] });
    },
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, B: FINISHED, C: FINISHED, D: FINISHED, Host: FINISHED });
  expect(run.tasks.sort()).toEqual(['A 1', 'B 1', 'C 1', 'D 1']);
  expect(run.instances).toEqual(['1 terminated']);
});

test('a launch that is refused is repeated, and then cancels what needs the instance', async () => {
  const run = new InstanceRun({ instance: { maximumRetries: 1 }, launch: () => ({ failure: 'We currently do not have sufficient capacity' }) });
  expect(await run.objects()).toMatchObject({
    A: { status: 'CANCELED', attempts: 0, reason: expect.stringContaining('Host could not be launched: Ec2.Ec2Exception: We currently do not have') },
    Host: { status: 'FAILED', attempts: 2 },
  });
});

test('a launch whose answer is lost is the same instance when it is asked for again', async () => {
  let calls = 0;
  const run = new InstanceRun({
    around: (all) => ({
      ...all,
      'aws-sdk:ec2:runInstances': async (request) => {
        const answer = await all['aws-sdk:ec2:runInstances'](request);
        calls += 1;
        if (calls === 1) throw new TaskFailure('Ec2.SdkClientException', 'Unable to execute HTTP request: Read timed out');
        return answer;
      },
    }),
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, Host: FINISHED });
  expect(run.instances).toEqual(['1 terminated']);
});

test('one that Systems Manager never knows is ended at initTimeout, with that reason', async () => {
  const run = new InstanceRun({
    instance: { initTimeout: Duration.minutes(5), maximumRetries: 1 },
    launch: (_, number) => number === 1 ? { registration: Infinity } : {},
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, Host: { status: 'FINISHED', attempts: 2 } });
  expect(run.instances).toEqual(['1 terminated', '2 terminated']);
  const never = new InstanceRun({ instance: { initTimeout: Duration.minutes(5), maximumRetries: 0 }, launch: () => ({ registration: Infinity }) });
  expect(await never.objects()).toMatchObject({
    A: { status: 'CANCELED', reason: expect.stringContaining('it is not known to Systems Manager 5 minutes after its launch') }, Host: { status: 'FAILED', attempts: 1 },
  });
  expect(never.instances).toEqual(['1 terminated']);
  expect(never.minutes).toBeLessThan(7);
});

test('one that dies under its task is replaced, and the activity goes on there', async () => {
  const run = new InstanceRun({ launch: (_, number) => number === 1 ? { life: 90_000 } : {} });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 }, Host: { status: 'FINISHED', attempts: 2 } });
  expect(run.tasks).toEqual(['A 1', 'A 2']);
});

test('one that dies while it starts says why', async () => {
  const run = new InstanceRun({
    instance: { initTimeout: Duration.minutes(2), maximumRetries: 0 }, launch: () => ({ registration: 60_000, life: 30_000 }),
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'CANCELED', reason: 'Host could not be launched: Server.InternalError: it died' } });
});

test('with RETRY_ALL, what had finished on a dead one runs again on the next', async () => {
  const run = new InstanceRun({
    instance: { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL },
    activities: (all) => void all.add('B', { dependsOn: [all.add('A')] }),
    launch: (_, number) => number === 1 ? { life: 150_000 } : {},
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED' }, Host: { attempts: 2 } });
  expect(run.tasks).toEqual(['A 1', 'B 1', 'A 2', 'B 2']);
});

test('with RETRY_ALL, what had finished stays FINISHED even if it fails when it runs again', async () => {
  const run = new InstanceRun({
    instance: { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL },
    activities: (all) => void all.add('B', { dependsOn: [all.add('A', { maximumRetries: 0 })] }),
    launch: (_, number) => number === 1 ? { life: 150_000 } : {},
    failure: ({ object }, sent) => object === 'A' && sent > 2 ? 'exit code 1' : undefined,
  });
  expect(await run.objects()).toMatchObject({
    A: FINISHED, B: { status: 'FAILED', reason: expect.stringContaining('A, run again on a new Host, failed') }, Host: { status: 'FINISHED', attempts: 2 },
  });
  expect(run.instances).toEqual(['1 terminated', '2 terminated']);
});

test('an activity that was at work keeps its attempts when no other instance can be launched', async () => {
  const run = new InstanceRun({ instance: { maximumRetries: 1 }, launch: (_, number) => number === 1 ? { life: 90_000 } : { failure: 'no capacity' } });
  expect(await run.objects()).toMatchObject({ A: { status: 'CANCELED', attempts: 1 }, Host: { status: 'FAILED', attempts: 2 } });
});

test('with RETRY_ALL, one that several branches share is launched again, too, when a launch is refused', async () => {
  const run = new InstanceRun({
    instance: { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL, maximumRetries: 1 },
    activities: (all) => ['A', 'B'].forEach((id) => all.add(id)),
    // A call is repeated five times.
    launch: (_, number) => number <= 6 ? { failure: 'We currently do not have sufficient capacity' } : {},
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, B: FINISHED, Host: { status: 'FINISHED', attempts: 2 } });
  expect(run.instances).toEqual(['1 terminated']);
});

test('a command that fails is tried again on the same instance; a task that is not understood is not', async () => {
  const once = new InstanceRun({ failure: ({ attempt }) => attempt === 1 ? 'exit code 1' : undefined });
  expect(await once.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 } });
  expect(once.tasks).toEqual(['A 1', 'A 1']);
  const never = new InstanceRun({
    around: (all) => ({
      ...all,
      'aws-sdk:ssm:sendCommand': async (request) => {
        if (request.stateName === 'A') throw new TaskFailure(INVALID_TASK, 'task: kind: is "dream"');
        return all['aws-sdk:ssm:sendCommand'](request);
      },
    }),
  });
  expect(await never.objects()).toMatchObject({ A: { status: 'FAILED', attempts: 1, reason: expect.stringContaining('dream') } });
});

test('terminateAfter ends the instance from outside and from within', async () => {
  const run = new InstanceRun({ instance: { terminateAfter: Duration.minutes(10) } });
  await run.objects();
  expect(run.scheduled[0]).toMatchObject({
    ScheduleExpression: 'at(2026-12-01T00:10:00)',
    Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances', Input: `{"InstanceIds":["${run.ec2.instances[0].id}"]}` },
  });
  const alone = new InstanceRun({ instance: { terminateAfter: Duration.minutes(10) } });
  await alone.clock.run(alone.clock.sleep(90_000));
  alone.execution.stop();
  await alone.clock.run(alone.clock.sleep(9 * 60_000));
  expect(alone.ec2.instances[0].describe()).toMatchObject({ State: { Name: 'terminated' }, StateReason: { Message: expect.stringContaining('Instance initiated shutdown') } });
});

test('the last launch is on demand where that is asked for', async () => {
  const run = new InstanceRun({
    instance: { spotBidPrice: '0.01', useOnDemandOnLastAttempt: true, maximumRetries: 1 },
    launch: ({ InstanceMarketOptions }) => InstanceMarketOptions ? { failure: 'There is no Spot capacity available' } : {},
  });
  expect(await run.objects()).toMatchObject({ A: FINISHED, Host: { status: 'FINISHED', attempts: 2 } });
});

test('an activity that does not say how long Task Runner may be silent has what the instance says', async () => {
  const run = new InstanceRun({
    instance: { reportProgressTimeout: Duration.minutes(2) },
    activities: (all) => void all.add('B', { dependsOn: [all.add('A')], reportProgressTimeout: Duration.minutes(3) }),
  });
  await run.objects();
  expect(run.ssm.sent.map(({ task }) => (task as { reportProgressTimeoutSeconds: number }).reportProgressTimeoutSeconds)).toEqual([120, 120, 180]);
});

test('the launch, and nothing else, is made with the role that is given for it', () => {
  const scope = pipeline();
  const role = new Role(scope, 'Launches', { assumedBy: new AccountRootPrincipal() });
  const resource = new Ec2Resource(scope, 'Host', { role });
  new ShellCommandActivity(scope, 'A', { runsOn: resource, command: 'true' });
  const states = Object.entries(runMachine(scope).States);
  expect(states.filter(([, state]) => 'Credentials' in state).map(([name]) => name)).toEqual(['A: acquire']);
  expect(granted(role).some((grant) => grant.startsWith('ec2:RunInstances'))).toBe(true);
  expect(JSON.stringify(Template.fromStack(Stack.of(scope)).findResources('AWS::IAM::Policy'))).toContain('sts:AssumeRole');
});
