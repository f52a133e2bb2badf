import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { pipeline, shell } from './fixture';
import { TimedRun } from './timed-run';
import { TaskFailure, TaskHandler } from '../../simulator/task';
import { Pipeline, Schedule, ScheduleType, SnsAlarm } from '../../src';

const RUN = 'arn:aws:states:us-east-1:111111111111:stateMachine:Run';
const daily = () => pipeline({
  schedule: Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }), maximumRetries: 0,
});
const alarm = (scope: Pipeline, subject: string) => new SnsAlarm({
  topic: scope.node.tryFindChild('Topic') as Topic ?? new Topic(scope, 'Topic'), subject,
});

/** Refuses what is published under this subject. */
const refusing = (refused: RegExp, published: string[] = []): Record<string, TaskHandler> => ({
  'sns:publish': async ({ arguments: given }) => {
    const { Subject } = given as { Subject: string };
    if (refused.test(Subject)) throw new TaskFailure('SNS.AuthorizationErrorException', 'no');
    published.push(Subject);
    return {};
  },
});

/** How often the alarm's filter matches what the run logs: what its history has, data aside. */
function matches(scope: Pipeline, run: TimedRun): number {
  const [filter] = Object.values(Template.fromStack(Stack.of(scope)).findResources('AWS::Logs::MetricFilter'));
  const terms = [...(filter.Properties as { FilterPattern: string }).FilterPattern.matchAll(/\(?\$\.([\w.]+) = "([^"]+)"\)?/g)];
  expect(terms.length).toBe(2);
  const found = (event: object, path: string) => path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
  const [execution] = run.service.listExecutions(RUN);
  return execution.history.filter((event) => terms.every(([, path, text]) => found(event, path) === text)).length;
}

test('an action that fails changes no status and holds back no other; the result and the log tell', async () => {
  const scope = daily();
  const lost = shell(scope, 'Lost', { onSuccess: [alarm(scope, 'lost'), alarm(scope, 'found')] });
  shell(scope, 'Failing', { attemptTimeout: Duration.seconds(10), onFail: [alarm(scope, 'lost')], dependsOn: [lost] });
  const published: string[] = [];
  const run = new TimedRun(scope, { Lost: 10, Failing: 60 }, { handlers: refusing(/lost/, published) });
  const { objects } = await run.run();
  expect(objects).toMatchObject({
    Lost: { status: 'FINISHED', attempts: 1, actionError: 'SNS.AuthorizationErrorException' },
    Failing: { status: 'TIMEDOUT', actionError: 'SNS.AuthorizationErrorException', reason: expect.stringContaining('Timeout') },
  });
  expect([published, matches(scope, run)]).toEqual([['found'], 1]);
});

test('a run whose actions do not fail does not go there, one that has finished ends well', async () => {
  const well = daily();
  shell(well, 'Told', { onSuccess: [alarm(well, 'told')] });
  const run = new TimedRun(well, { Told: 10 }, { handlers: refusing(/lost/) });
  expect((await run.run()).objects.Told).not.toHaveProperty('actionError');
  expect(matches(well, run)).toBe(0);

  const lost = daily();
  shell(lost, 'Lost', { onSuccess: [alarm(lost, 'lost')] });
  const ended = new TimedRun(lost, { Lost: 10 }, { handlers: refusing(/lost/) });
  await ended.run();
  expect([ended.service.listExecutions(RUN)[0].status, matches(lost, ended)]).toEqual(['SUCCEEDED', 1]);
});

test('who looks what is late fails where it cannot tell it, when it has told the rest', async () => {
  const scope = daily();
  const late = (subject: string, seconds: number) => ({ lateAfterTimeout: Duration.seconds(seconds), onLateAction: [alarm(scope, subject)] });
  shell(scope, 'A', late('lost', 10));
  shell(scope, 'B', late('told', 200));
  const published: string[] = [];
  const run = new TimedRun(scope, { A: 300, B: 300 }, { handlers: refusing(/lost/, published) });
  await run.run();
  expect(published).toEqual(['told']);
  expect(await run.watches[0].result).toMatchObject({ status: 'FAILED', error: 'DataPipeline.NotTold', cause: 'A: SNS.AuthorizationErrorException' });
});
