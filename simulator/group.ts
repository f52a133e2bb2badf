import { Aborted } from './errors';
import { JsonObject } from './json';
import { Cancellation } from './signals';
import { Json } from './task';
import { Thread } from './thread';
import { Variables } from './variables';

/** What a member of a group does; `ended` is the event after which the group goes on, if it is the last. */
export interface Member {
  readonly map?: JsonObject;
  readonly isBranch?: boolean;
  run(thread: Thread): Promise<{ readonly output: Json; readonly ended: number }>;
}

/** Runs threads side by side, at most `atOnce` of them. The first failure aborts the others. */
export async function runTogether(parent: Thread, members: readonly Member[], atOnce = members.length): Promise<Json[]> {
  const cancellation = new Cancellation(parent.signal);
  const outputs: Json[] = [];
  const ends = parent.trail.fork();
  let next = 0;
  const lane = async () => {
    const trail = parent.trail.fork();
    while (next < members.length) {
      const index = next++;
      const variables = new Variables(parent.variables);
      const { map = parent.map, isBranch } = members[index];
      try {
        const { output, ended } = await members[index].run({ ...parent, signal: cancellation.signal, variables, trail, map, isBranch });
        outputs[index] = output;
        ends.last = ended;
      } catch (error) {
        // Where a sibling has failed before, this thread was only cut short.
        if (!cancellation.signal.aborted) ends.last = trail.last;
        cancellation.cancel(new Aborted('a thread beside this one failed'));
        throw error;
      } finally {
        variables.release();
      }
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce, members.length) }, lane);
  try {
    await Promise.all(lanes);
    return outputs;
  } finally {
    await Promise.allSettled(lanes);
    cancellation.release();
    parent.trail.last = ends.last;
  }
}
