import { branch, machine, TASK, Trial } from './machine';

test('Assign and Output both see the values at entry', async () => {
  const trial = new Trial(machine({
    Set: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
    Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: ['{% $a %}', '{% $b %}'], Next: 'Read' },
    Read: { Type: 'Pass', Output: { before: '{% $states.input %}', after: ['{% $a %}', '{% $b %}'] }, End: true },
  }));
  expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { before: [1, 2], after: [2, 1] } });
});

test('inner scopes read outer variables; their own end with them', async () => {
  const trial = new Trial(machine({
    Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Branches: ['A', 'B'].map(name => branch({
        [`Set${name}`]: { Type: 'Pass', Assign: { inner: `{% $outer & '${name}' %}` }, Next: `Read${name}` },
        [`Read${name}`]: { Type: 'Pass', Output: '{% $inner %}', End: true },
      })),
      Next: 'Read',
    },
    Read: { Type: 'Pass', Output: { results: '{% $states.input %}', gone: '{% $exists($inner) %}' }, End: true },
  }));
  expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { results: ['1A', '1B'], gone: false } });
});

test('the Catch of a Parallel assigns outer variables', async () => {
  const trial = new Trial(machine({
    Both: {
      Type: 'Parallel',
      Branches: [branch({ Refuse: { Type: 'Fail', Error: 'E' } })],
      Catch: [{ ErrorEquals: ['E'], Assign: { failed: true }, Next: 'Read' }],
      Assign: { failed: false },
      Next: 'Read',
    },
    Read: { Type: 'Pass', Output: '{% $failed %}', End: true },
  }));
  expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: true });
});

test('a distributed Map cannot read outer variables', async () => {
  const processor = { StartAt: 'Read', States: { Read: { Type: 'Pass', Output: '{% $outer %}', End: true } }, ProcessorConfig: { Mode: 'DISTRIBUTED' } };
  const trial = new Trial(machine({
    Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Each' },
    Each: { Type: 'Map', Items: [1], ItemProcessor: processor, End: true },
  }));
  expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
});

test('the rule of a Choice assigns, and so does its Default', async () => {
  const definition = machine({
    Which: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.x = 1 %}', Assign: { by: 'rule' }, Output: 'one', Next: 'Read' }],
      Default: 'Read',
      Assign: { by: 'default' },
    },
    Read: { Type: 'Pass', Output: ['{% $by %}', '{% $states.input %}'], End: true },
  });
  expect(await new Trial(definition, { input: { x: 1 } }).finish()).toMatchObject({ output: ['rule', 'one'] });
  expect(await new Trial(definition, { input: { x: 2 } }).finish()).toMatchObject({ output: ['default', { x: 2 }] });
});

test('the context object', async () => {
  const trial = new Trial(machine({
    Sleep: { Type: 'Wait', Seconds: '{% $states.input.ms / 1000 %}', Next: 'Read' },
    Read: { Type: 'Pass', Output: '{% $states.context %}', End: true },
  }), { input: { ms: 1000 } });
  expect(await trial.finish()).toEqual({
    status: 'SUCCEEDED',
    output: {
      Execution: {
        Id: 'arn:aws:states:us-east-1:111111111111:execution:Run:execution-1',
        Name: 'execution-1',
        Input: { ms: 1000 },
        StartTime: '2026-12-01T00:00:00Z',
        RoleArn: 'arn:aws:iam::111111111111:role/Run',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:us-east-1:111111111111:stateMachine:Run', Name: 'Run' },
      State: { Name: 'Read', EnteredTime: '2026-12-01T00:00:01Z', RetryCount: 0 },
    },
  });
});

describe('limits', () => {
  const kib = (size: number) => `{% $pad("", ${size * 1024}, "x") %}`;

  test('an output of more than 256 KiB ends the execution, whatever is caught', async () => {
    const trial = new Trial(machine({
      Both: {
        Type: 'Parallel',
        Branches: [branch({ Large: { Type: 'Pass', Output: kib(257), End: true } })],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    }));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: expect.stringContaining('263170 bytes') });
  });

  test('a task\'s result of more than 256 KiB can be caught', async () => {
    const trial = new Trial(machine({
      Work: { Type: 'Task', Resource: TASK, Output: 'small', Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }], End: true },
      Caught: { Type: 'Succeed' },
    }), { work: async () => 'x'.repeat(257 * 1024) });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: 'States.DataLimitExceeded' });
  });

  test('256 KiB in one Assign', async () => {
    const trial = new Trial(machine({ Set: { Type: 'Pass', Assign: { a: kib(130), b: kib(130) }, End: true } }));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: expect.stringMatching(/^The variables a, b/) });
  });

  test('10 MiB of variables', async () => {
    const set = (index: number) => ({ Type: 'Pass', Assign: { [`v${index}`]: kib(250) }, ...index === 41 ? { End: true } : { Next: `Set${index + 1}` } });
    const trial = new Trial(machine(Object.fromEntries(Array.from({ length: 42 }, (_, index) => [`Set${index}`, set(index)]))));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: expect.stringMatching(/^The variables v40/) });
  });

  test('a history of 25,000 events is the end', async () => {
    const trial = new Trial(machine({ Ping: { Type: 'Pass', Next: 'Pong' }, Pong: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Ping' }] } }));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('25000') });
    expect(trial.execution.history).toHaveLength(25_000);
  });

  test.each([['Error', 257], ['Cause', 32_769]])('%s of a Fail state', async (field, length) => {
    const trial = new Trial(machine({ Refuse: { Type: 'Fail', [field]: `{% $pad("", ${length}, "x") %}` } }));
    expect(await trial.finish()).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining(`The ${field} field has ${length}`) });
  });
});
