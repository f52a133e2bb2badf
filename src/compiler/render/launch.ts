/** How a run comes by a transient resource: what the launches of all kinds have in common. */
import { jsonataString } from '../../expression/value';
import { EmrCluster } from '../../resources/emr-cluster';
import { Asl, States } from '../asl';
import { TransientResource } from '../work';
import { RunContext } from './context';
import { launchInstance } from './ec2-launch';
import { launchCluster } from './emr-launch';
import { ResourceVariables } from './resource-variables';

/** Where a launch stands, and where it leads. */
export interface LaunchSite<Resource = TransientResource> {
  readonly context: RunContext;
  readonly resource: Resource;
  /** Makes the names of its states. */
  readonly step: (name: string) => string;
  /** Longest time between two attempts on the resource, in seconds. */
  readonly pause: number;
  /** How many activities are at work at a time. */
  readonly concurrency: number;
  readonly launched: string;
  /** What is assigned, and what comes next, when the last launch has failed. */
  readonly failed: { readonly assign: Asl; readonly next: string };
}

/** Launches the resource, from the state `acquire`, or adopts one whose launch was not answered. */
export function acquire(site: LaunchSite): States {
  const { resource } = site;
  return resource instanceof EmrCluster ? launchCluster({ ...site, resource }) : launchInstance({ ...site, resource });
}

/** JSONata of why the last launch failed. */
export function launchFailure(resource: TransientResource): string {
  return `${jsonataString(`${resource.objectId} could not be launched: `)} & $${new ResourceVariables(resource).error}`;
}
