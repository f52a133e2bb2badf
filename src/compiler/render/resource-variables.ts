/** The variables that a run keeps of a transient resource, and the call that ends it. */
import { ANY_ERROR, Asl, TRANSIENT_RETRY } from '../asl';
import { variableName } from '../names';
import { TransientResource } from '../work';
import { RunContext } from './context';
import { deadlineFor, isTerminated } from './deadline';
import { callsOf } from './resource-calls';
import { untried } from './result';

/** The variables of a resource, in the scope that encloses all its activities. */
export class ResourceVariables {
  readonly id: string;
  readonly launch: string;
  readonly launched: string;
  readonly marker: string;
  readonly error: string;
  readonly state: string;

  constructor(resource: TransientResource) {
    const name = (prefix: string) => variableName(prefix, resource.objectId);
    this.id = name('v');
    this.launch = name('l');
    this.launched = name('lt');
    this.marker = name('m');
    this.error = name('le');
    this.state = name('cs');
  }

  /** Before the first activity. */
  initial(result: string): Asl {
    return { [this.id]: '', [this.launch]: 1, [this.launched]: '', [this.marker]: '', [this.error]: '', [this.state]: '', [result]: untried('WAITING_ON_DEPENDENCIES') };
  }
}

export function expired(variables: ResourceVariables, terminateAfter: number): string {
  return `$millis() - $toMillis($${variables.launched}) >= ${terminateAfter}`;
}

/** JSONata of when the resource is ended whatever runs on it, in milliseconds; nothing where it is not. */
export function endOf(resource: TransientResource, variables: ResourceVariables): string | undefined {
  const { terminateAfter } = resource._launch;
  const times: Array<string | undefined> = [
    ...terminateAfter ? [`$toMillis($${variables.launched}) + ${terminateAfter.toMilliseconds()}`] : [],
    ...isTerminated(resource) ? [`$toMillis(${deadlineFor(resource).time})`] : [],
  ];
  return times.length > 1 ? `$min([${times.join(', ')}])` : times[0];
}

export function terminate(context: RunContext, resource: TransientResource, variables: ResourceVariables, next: string, assign: Asl): Asl {
  const { end, mayEnd } = callsOf(resource);
  context.allow(...mayEnd(context));
  return {
    Type: 'Task',
    Resource: context.resource(end.integration),
    Arguments: end.arguments(`$${variables.id}`),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: assign, Next: next }],
    Assign: assign,
    Output: {},
    Next: next,
  };
}
