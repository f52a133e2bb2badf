import { Caller } from './tasks';
import { Lambda } from '../../simulator/services/lambda';
import { Json } from '../../simulator/task';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:checker';

function registered(handler: (payload: Json) => unknown) {
  const lambda = new Lambda();
  lambda.register(ARN, handler);
  return new Caller(lambda.handlers());
}

const invoke = (caller: Caller, FunctionName = ARN, Payload: Json = { a: 1 }) => caller.call<Record<string, Json>>('lambda:invoke', { FunctionName, Payload });

test.each([ARN, `${ARN}:$LATEST`, 'checker'])('%s is called with the payload', async name => {
  const caller = registered(async payload => ({ echo: payload, gone: undefined }));
  expect(await invoke(caller, name)).toMatchObject({ ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { echo: { a: 1 } } });
});

test('time stands still while the function works', async () => {
  const caller = registered(() => new Promise(resolve => setTimeout(() => resolve('done'), 5)));
  const before = caller.clock.now();
  expect(await invoke(caller)).toMatchObject({ Payload: 'done' });
  expect(caller.clock.now()).toBe(before);
});

test('nothing returned is null', async () => {
  expect(await invoke(registered(() => undefined))).toMatchObject({ Payload: null });
});

test('the payload is a copy', async () => {
  const payload = { list: [1] };
  await invoke(registered(given => (given as typeof payload).list.push(2)), ARN, payload);
  expect(payload).toEqual({ list: [1] });
});

test('an error has its name and, in the cause, its message and trace', async () => {
  class NotHeld extends Error {
    public readonly name = 'DataPipeline.PreconditionNotHeld';
  }
  const failure = await invoke(registered(() => { throw new NotHeld('no objects'); })).catch(error => error);
  expect(failure).toMatchObject({ name: 'TaskFailure', error: 'DataPipeline.PreconditionNotHeld' });
  expect(JSON.parse(failure.cause)).toEqual({
    errorType: 'DataPipeline.PreconditionNotHeld', errorMessage: 'no objects', trace: expect.arrayContaining([expect.stringContaining('lambda.test.ts')]),
  });
});

test('what is thrown may be no error', async () => {
  await expect(invoke(registered(() => { throw 'text'; }))).rejects.toMatchObject({ error: 'string', cause: '{"errorType":"string","errorMessage":"text","trace":[]}' });
});

test('a function that is not there', async () => {
  await expect(invoke(new Caller(new Lambda().handlers()))).rejects.toMatchObject({
    error: 'Lambda.ResourceNotFoundException', cause: expect.stringContaining(`Function not found: ${ARN}`),
  });
});
