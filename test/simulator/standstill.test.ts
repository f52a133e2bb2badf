import { machine, START } from './machine';
import { VirtualClock } from '../../simulator/clock';
import { Standstill, StandstillError } from '../../simulator/standstill';
import { StepFunctions } from '../../simulator/step-functions';
import { Json } from '../../simulator/task';

const arnOf = (name: string) => `arn:aws:states:us-east-1:111111111111:stateMachine:${name}`;

/** Starts another machine, after some seconds. */
const handingOver = (to: string, seconds: number): Json => machine({
  'Rest': { Type: 'Wait', Seconds: seconds, Next: 'Hand over' },
  'Hand over': { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Arguments: { StateMachineArn: arnOf(to), Input: {} }, End: true },
});

function players(rest: number) {
  const clock = new VirtualClock(START);
  const service = new StepFunctions({ clock, mostAtOnce: 400 });
  service.createStateMachine({ name: 'Ping', definition: handingOver('Pong', 0) });
  service.createStateMachine({ name: 'Pong', definition: handingOver('Ping', rest) });
  service.startExecution({ stateMachineArn: arnOf('Ping') });
  const all = () => ['Ping', 'Pong'].flatMap((name) => service.listExecutions(arnOf(name)));
  return { clock, all };
}

test('machines that hand over to each other for ever, while no time passes, are stopped, and named', async () => {
  const { clock, all } = players(0);
  await clock.run(clock.sleep(1000));
  const stopped = all().filter(({ outcome }) => outcome?.error === 'Simulator.Fault');
  expect(stopped).toHaveLength(1);
  await expect(stopped[0].result).rejects.toThrow(StandstillError);
  await expect(stopped[0].result).rejects.toThrow(/^401 transitions at 2026-12-01T00:00:00.000Z, and no time passes; most often 'P[io]ng: (Rest|Hand over)', 'P/);
});

test('where time passes they may go on', async () => {
  const { clock, all } = players(1);
  await clock.run(clock.sleep(1_000_000));
  expect(all().length).toBeGreaterThan(1000);
  expect(all().filter(({ outcome }) => outcome?.error === 'Simulator.Fault')).toEqual([]);
});

test('each moment has its own count', () => {
  const standstill = new Standstill(2);
  for (const now of [0, 0, 1, 1, 2]) standstill.count(now, 'A: B');
  standstill.count(2, 'A: B');
  expect(() => standstill.count(2, 'A: C')).toThrow("3 transitions at 1970-01-01T00:00:00.002Z, and no time passes; most often 'A: B', 'A: C'");
});
