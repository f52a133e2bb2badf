import { branch, failing, machine, TASK, Trial } from './machine';
import { Signal } from '../../simulator/signals';
import { Json } from '../../simulator/task';

const wait = (seconds: number, then: { [name: string]: Json } = { End: true }): Json => ({ Type: 'Wait', Seconds: seconds, ...then });

describe('Parallel', () => {
  test('branches run side by side; outputs come in their order', async () => {
    const trial = new Trial(machine({
      Both: {
        Type: 'Parallel',
        Arguments: { x: '{% $states.input.x + 1 %}' },
        Branches: [
          branch({ Slow: wait(30, { Output: '{% $states.input.x %}', End: true }) }),
          branch({ Fast: wait(10, { Output: 'fast', End: true }) }),
        ],
        End: true,
      },
    }), { input: { x: 1 } });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: [2, 'fast'] });
    expect(trial.elapsed).toBe(30);
    expect(trial.execution.transitions).toBe(3);
  });

  test('a failing branch stops its siblings at once, and aborts their tasks', async () => {
    const signals: Signal[] = [];
    const fail = failing('E');
    const trial = new Trial(machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          branch({ Fails: { Type: 'Task', Resource: TASK, End: true } }),
          branch({ Long: { Type: 'Task', Resource: 'arn:aws:states:::test:long', End: true } }),
          branch({ Inner: { Type: 'Parallel', Branches: [branch({ Sleep: wait(1000) })], End: true } }),
        ],
        Catch: [{ ErrorEquals: ['E'], Output: '{% $states.errorOutput %}', Next: 'After' }],
        End: true,
      },
      After: { Type: 'Succeed' },
    }), {
      work: fail,
      handlers: {
        'test:long': ({ clock, signal }) => {
          signals.push(signal);
          return clock.sleep(1e9, signal).then(() => null);
        },
      },
    });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { Error: 'E', Cause: 'call 1' } });
    expect(trial.elapsed).toBe(1);
    expect(signals.map(signal => signal.aborted)).toEqual([true]);
    expect(trial.times('WaitStateExited')).toEqual([]);
    expect(trial.eventTypes.filter(type => type.endsWith('Aborted')).sort()).toEqual(
      ['ParallelStateAborted', 'TaskStateAborted', 'TaskStateAborted', 'WaitStateAborted']);
  });

  test('nothing comes after the end of an execution that is stopped in it', async () => {
    const trial = new Trial(machine({ Both: { Type: 'Parallel', Branches: [branch({ A: wait(60) }), branch({ B: wait(60) })], End: true } }));
    await trial.clock.run(trial.clock.sleep(1000));
    trial.service.stopExecution(trial.execution.arn);
    expect(await trial.finish()).toEqual({ status: 'ABORTED' });
    expect(trial.eventTypes.slice(-3)).toEqual(['WaitStateEntered', 'WaitStateEntered', 'ExecutionAborted']);
  });

  test('is tried again as a whole', async () => {
    const trial = new Trial(machine({
      Both: {
        Type: 'Parallel',
        Branches: [branch({ Work: { Type: 'Task', Resource: TASK, End: true } }), branch({ Fine: { Type: 'Pass', Output: 'fine', End: true } })],
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60 }],
        End: true,
      },
    }), { work: failing('E') });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: [2, 'fine'] });
    expect(trial.times('PassStateEntered')).toEqual([0, 61]);
  });
});

describe('Map', () => {
  const map = (fields: { [name: string]: Json }, states: { [name: string]: Json }) =>
    machine({ Each: { Type: 'Map', Items: '{% $states.input.items %}', ItemProcessor: branch(states), End: true, ...fields } });

  test('runs as many iterations at once as MaxConcurrency says', async () => {
    const trial = new Trial(map({ MaxConcurrency: 2 }, { Sleep: wait(10) }), { input: { items: [1, 2, 3, 4, 5] } });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: [1, 2, 3, 4, 5] });
    expect(trial.times('MapIterationStarted')).toEqual([0, 0, 10, 10, 20]);
  });

  test('runs at most 40 at once inline', async () => {
    const trial = new Trial(map({}, { Sleep: wait(10) }), { input: { items: Array.from({ length: 41 }, (_, index) => index) } });
    await trial.finish();
    expect(trial.elapsed).toBe(20);
  });

  test('a failing iteration fails the state', async () => {
    const trial = new Trial(map({}, {
      Check: { Type: 'Choice', Choices: [{ Condition: '{% $states.input > 2 %}', Next: 'Refuse' }], Default: 'Sleep' },
      Refuse: { Type: 'Fail', Error: 'TooLarge', Cause: '{% "got " & $string($states.input) %}' },
      Sleep: wait(10),
    }), { input: { items: [1, 3] } });
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: 'TooLarge', cause: 'got 3' });
    expect(trial.elapsed).toBe(0);
  });

  test('a distributed one tolerates failures, and gives its children a history of their own', async () => {
    const definition = machine({
      Each: {
        Type: 'Map',
        Items: [1, 2, 3, 4],
        ToleratedFailurePercentage: 25,
        ItemProcessor: {
          ...branch({
            Check: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Refuse' }], Default: 'Sleep' },
            Refuse: { Type: 'Fail', Error: 'Refused' },
            Sleep: wait(10),
          }) as { [name: string]: Json },
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        },
        End: true,
      },
    });
    const trial = new Trial(definition);
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: [1, 3, 4] });
    expect(trial.eventTypes).not.toContain('WaitStateEntered');
    expect(trial.execution.transitions).toBe(9);
  });

  test('a distributed one fails when more fail than it tolerates', async () => {
    const processor = { StartAt: 'Refuse', States: { Refuse: { Type: 'Fail', Error: 'Refused' } }, ProcessorConfig: { Mode: 'DISTRIBUTED' } };
    const trial = new Trial(machine({ Each: { Type: 'Map', Items: [1, 2], ToleratedFailureCount: 1, ItemProcessor: processor, End: true } }));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  });
});
