import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Unit } from './link';
import { deadlineOf } from './render/deadline';
import { EmrWork } from './work';
import { Activity } from '../activities/activity';

/** The machine that a unit is handed over to, where it is one of many of its kind. What has a deadline stays with the run, which ends it then. */
export function machineOf(unit: Unit): StateMachine | undefined {
  if (!(unit.object instanceof Activity) || deadlineOf(unit)) return undefined;
  const work = unit.object._work();
  switch (work.kind) {
    case 'emrSteps': return hasTask(work) ? undefined : work.cluster._activityMachine;
    case 'redshiftData': return unit.object._runs.loadMachineIfAny;
    default: return undefined;
  }
}

/** A task is told which attempt it is, and the run counts those of the steps that it makes itself. */
function hasTask({ steps }: EmrWork): boolean {
  return steps.some(({ args }) => args.some((argument) => 'task' in argument));
}
