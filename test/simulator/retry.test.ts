import { failing, machine, TASK, Trial } from './machine';
import { Json, TaskHandler } from '../../simulator/task';

const tried = (fields: { [name: string]: Json }) => machine({ Work: { Type: 'Task', Resource: TASK, End: true, ...fields } });
const FOUR = ['E', 'E', 'E', 'E'];

describe('when a task is tried again', () => {
  test('one second, doubled each time, three times, by default', async () => {
    const trial = new Trial(tried({ Retry: [{ ErrorEquals: ['E'] }] }), { work: failing(...FOUR) });
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'E', cause: 'call 4' });
    expect(trial.times('TaskScheduled')).toEqual([0, 2, 5, 10]);
  });

  test('at the interval, rate and ceiling given', async () => {
    const retrier = { ErrorEquals: ['E'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 50, MaxAttempts: 4 };
    const trial = new Trial(tried({ Retry: [retrier] }), { work: failing(...FOUR) });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: 5 });
    expect(trial.times('TaskScheduled')).toEqual([0, 11, 42, 93, 144]);
  });

  test('with full jitter, anywhere up to the interval', async () => {
    const retrier = { ErrorEquals: ['E'], IntervalSeconds: 100, JitterStrategy: 'FULL' };
    const trial = new Trial(tried({ Retry: [retrier] }), { work: failing('E'), random: () => 0.25 });
    await trial.finish();
    expect(trial.times('TaskScheduled')).toEqual([0, 26]);
  });

  test('each retrier counts for itself', async () => {
    const retry = [{ ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 1 }, { ErrorEquals: ['B'], MaxAttempts: 1, IntervalSeconds: 5 }];
    const trial = new Trial(tried({ Retry: retry }), { work: failing('A', 'B', 'A') });
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'A', cause: 'call 3' });
    expect(trial.times('TaskScheduled')).toEqual([0, 2, 8]);
  });

  test('each retry is a transition, and the state is entered once', async () => {
    const trial = new Trial(tried({ Retry: [{ ErrorEquals: ['E'] }] }), { work: failing('E', 'E') });
    await trial.finish();
    expect(trial.execution.transitions).toBe(3);
    expect(trial.times('TaskStateEntered')).toEqual([0]);
  });

  test('MaxAttempts 0 means never', async () => {
    const trial = new Trial(tried({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 0 }] }), { work: failing('E') });
    expect(await trial.finish()).toMatchObject({ status: 'FAILED' });
    expect(trial.elapsed).toBe(1);
  });
});

test('Arguments, Assign and the Catch of a retried task see RetryCount', async () => {
  const count = '{% $states.context.State.RetryCount %}';
  const seen: Json[] = [];
  const definition = machine({
    Work: {
      Type: 'Task',
      Resource: TASK,
      Arguments: count,
      Retry: [{ ErrorEquals: ['E'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['E'], Assign: { retries: count }, Output: { caughtAt: count, error: '{% $states.errorOutput.Error %}' }, Next: 'Again' }],
      End: true,
    },
    Again: { Type: 'Task', Resource: TASK, Arguments: count, Retry: [{ ErrorEquals: ['E'] }], Assign: { again: count }, Next: 'Sum' },
    Sum: { Type: 'Pass', Output: { retries: '{% $retries %}', again: '{% $again %}' }, End: true },
  });
  const work = failing('E', 'E', 'E', 'E');
  const trial = new Trial(definition, {
    work: request => {
      seen.push(request.arguments);
      return work(request);
    },
  });
  expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { retries: 2, again: 1 } });
  expect(seen).toEqual([0, 1, 2, 0, 1]);
});

describe('which errors a name matches', () => {
  const caughtBy = async (name: string, fields: { [name: string]: Json }, error?: string) => {
    const definition = machine({
      Work: { Type: 'Task', Resource: TASK, Catch: [{ ErrorEquals: [name], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }], End: true, ...fields },
      Caught: { Type: 'Succeed' },
    });
    const work: TaskHandler = error ? failing(error) : ({ clock, signal }) => clock.sleep(1e9, signal).then(() => null);
    const { status, output } = await new Trial(definition, { work }).finish();
    return status === 'SUCCEEDED' ? output : status;
  };

  test.each([
    ['States.ALL', {}, 'Any.Error', 'Any.Error'],
    ['States.TaskFailed', {}, 'Any.Error', 'Any.Error'],
    ['Any.Error', {}, 'Any.Error', 'Any.Error'],
    ['Other.Error', {}, 'Any.Error', 'FAILED'],
    ['States.Timeout', { TimeoutSeconds: 5 }, undefined, 'States.Timeout'],
    ['States.ALL', { TimeoutSeconds: 5 }, undefined, 'States.Timeout'],
    ['States.TaskFailed', { TimeoutSeconds: 5 }, undefined, 'FAILED'],
    ['States.ALL', {}, 'States.Runtime', 'FAILED'],
    ['States.Runtime', {}, 'States.Runtime', 'FAILED'],
    ['States.QueryEvaluationError', { Arguments: '{% $states.input.missing %}' }, 'unused', 'States.QueryEvaluationError'],
  ])('%s with %j and %s: %s', async (name, fields, error, expected) => {
    expect(await caughtBy(name, fields, error)).toBe(expected);
  });
});

test('a failure in Output is caught as one of the task', async () => {
  const definition = machine({
    Work: {
      Type: 'Task',
      Resource: TASK,
      Output: '{% $states.result.missing %}',
      Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'End' }],
      End: true,
    },
    End: { Type: 'Succeed' },
  });
  expect(await new Trial(definition).finish()).toEqual({ status: 'SUCCEEDED', output: 'caught' });
});
