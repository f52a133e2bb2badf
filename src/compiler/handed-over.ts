import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Unit } from './link';
import { deadlineOf } from './render/deadline';
import { Activity } from '../activities/activity';

/** The machine that a unit is handed over to, where it is one of many of its kind. What has a deadline stays with the run, which ends it then. */
export function machineOf(unit: Unit): StateMachine | undefined {
  if (!(unit.object instanceof Activity) || deadlineOf(unit)) return undefined;
  const work = unit.object._work();
  switch (work.kind) {
    case 'emrSteps': return work.cluster._activityMachine;
    case 'redshiftData': return unit.object._runs.loadMachineIfAny;
    default: return undefined;
  }
}
