import { LogEtl, RUN, synthesized } from './log-etl';
import { HOUR, MINUTE } from './models';
import { Json } from '../../simulator/task';
import { RunResult } from '../../src/contract/run';

let assembly: ReturnType<typeof synthesized>;
beforeAll(() => { assembly = synthesized(); });
afterAll(() => assembly.remove());

async function ask(etl: LogEtl, input: Json): Promise<Json> {
  const execution = etl.stack.stepFunctions.startExecution({ stateMachineArn: etl.stack.stateMachine('StarterStateMachine'), input });
  const { output, cause } = await etl.clock.run(execution.result);
  expect(cause).toBeUndefined();
  await etl.clock.run(etl.stack.settled());
  return output!;
}

const resultOf = ({ outcome }: { readonly outcome?: { readonly output?: Json; readonly cause?: string } }): RunResult => (
  outcome?.output ?? JSON.parse(outcome!.cause!) as Json
) as unknown as RunResult;

test('a run that failed is repeated from where it failed: on no cluster that nobody needs', async () => {
  let broken = true;
  const etl = await LogEtl.load(assembly.folder, { statement: () => broken ? { Status: 'FAILED', Error: 'no' } : { Status: 'FINISHED' } });
  const before = resultOf(await etl.runFirstHour());
  expect(before.status).toBe('FAILED');
  const [clusters, tasks] = [etl.emr.clusters.length, etl.tasks.length];
  broken = false;
  expect(await ask(etl, { rerun: { run: RUN } })).toMatchObject({ run: `${RUN}.r1`, started: [`${RUN}.r1`] });
  const after = resultOf(etl.stack.executions('RunStateMachine')[1]);
  expect(after).toMatchObject({ run: `${RUN}.r1`, status: 'FINISHED', scheduledStartTime: before.scheduledStartTime });
  const begun = Object.keys(after.objects).filter((id) => after.objects[id].startTime !== undefined);
  // The data node that the load reads is checked again.
  expect(begun.filter((id) => before.objects[id].status === 'FINISHED')).toEqual(['CleanComplete']);
  expect([etl.emr.clusters.length, etl.tasks.length]).toEqual([clusters, tasks]);
});

test('a run that was stopped is repeated when its end is settled', async () => {
  const etl = await LogEtl.load(assembly.folder);
  const stopped = etl.at('RunStateMachine', 8, (execution) => execution.stop());
  await etl.runFirstHour();
  expect(stopped.state).toBeDefined();
  expect(etl.run.status).toBe('ABORTED');
  await etl.pass(HOUR);
  await ask(etl, { rerun: { run: RUN } });
  expect(resultOf(etl.stack.executions('RunStateMachine')[1])).toMatchObject({ run: `${RUN}.r1`, status: 'FINISHED' });
  await etl.pass(15 * MINUTE);
  expect(etl.emr.clusters.filter(({ alive }) => alive)).toEqual([]);
});
