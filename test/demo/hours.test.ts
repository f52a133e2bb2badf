import { demoHours, losingNodes, runOf, surprises } from '../../examples/hourly-log-etl/demo/hours';
import { StepContext, StepRunner } from '../../simulator/services/emr-step';
import { ObjectResult, RunResult } from '../../src/contract/run';

const [ordinary, late, unlucky] = demoHours(new Date('2026-12-01T08:00:00Z'), 1);

function result(objects: Record<string, Partial<ObjectResult>>, status: RunResult['status'] = 'FINISHED'): RunResult {
  const all = Object.entries({ LogsWaiting: {}, Transform: {}, ...objects }).map(([id, each]) => [id, { status: 'FINISHED', attempts: 1, ...each }]);
  return { status, objects: Object.fromEntries(all) } as RunResult;
}

test('hours follow each other, and runs have their names', () => {
  expect([ordinary, late, unlucky].map(runOf)).toEqual(['2026-12-01T08-00-00Z', '2026-12-01T09-00-00Z', '2026-12-01T10-00-00Z']);
  expect(late.due).toEqual(new Date('2026-12-01T10:00:00Z'));
});

test('the first attempt of the unlucky hour fails after its work, and no other', async () => {
  const ran: string[] = [];
  const runner: StepRunner = async ({ Args = [] }) => void ran.push(Args[1]);
  const losing = losingNodes([ordinary, late, unlucky], runner);
  const attempt = (hour: string) => losing({ Jar: 'command-runner.jar', Args: ['-input', `s3://data/raw/2026/12/01/${hour}/`] }, {} as StepContext);
  await attempt('08');
  await expect(attempt('10')).rejects.toThrow('node');
  await attempt('10');
  expect(ran).toEqual(['08', '10', '10'].map((hour) => `s3://data/raw/2026/12/01/${hour}/`));
});

describe('surprises', () => {
  test('are none when all is as told', () => {
    expect(surprises(ordinary, result({}))).toEqual([]);
    expect(surprises(late, result({ LogsWaiting: { attempts: 5 } }))).toEqual([]);
    expect(surprises(unlucky, result({ Transform: { attempts: 2 } }))).toEqual([]);
  });

  test.each([
    ['a check too many', ordinary, result({ LogsWaiting: { attempts: 2 } }), 'LogsWaiting of run 2026-12-01T08-00-00Z is FINISHED after 2 attempts '],
    ['a check that did not hold back', late, result({}), 'LogsWaiting of run 2026-12-01T09-00-00Z is FINISHED after 1 attempts '],
    ['a failure that did not happen', unlucky, result({}), 'Transform of run 2026-12-01T10-00-00Z is FINISHED after 1 attempts '],
    ['a failure', ordinary, result({ Transform: { status: 'FAILED', reason: 'why' } }), 'Transform of run 2026-12-01T08-00-00Z is FAILED after 1 attempts why'],
    ['a run that failed', ordinary, result({}, 'FAILED'), 'run 2026-12-01T08-00-00Z is FAILED'],
  ])('name %s', (_, hour, outcome, surprise) => {
    expect(surprises(hour, outcome)).toEqual([surprise]);
  });
});
