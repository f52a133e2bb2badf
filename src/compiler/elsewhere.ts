import type { Activity } from '../activities/activity';

/** An activity of another schedule, as the runs see it that wait for it: they do none of its work. */
export class Elsewhere {
  readonly preconditions = [];
  readonly _late = {};

  constructor(readonly activity: Activity) {}

  get objectId(): string {
    return this.activity.objectId;
  }

  get node(): Activity['node'] {
    return this.activity.node;
  }
}
