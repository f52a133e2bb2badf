import { PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../src/contract/errors';

/** A precondition that does not hold: its name tells the state machine whether to ask again. */
export class NotHeld extends Error {
  constructor(problem: string, deadline: string | undefined, now: number) {
    const late = deadline !== undefined && now >= Date.parse(deadline);
    super(late ? `${problem}, and its deadline was ${deadline}` : problem);
    this.name = late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD;
  }
}

/** One that never will. */
export class TimedOut extends Error {
  readonly name = PRECONDITION_TIMED_OUT;
}
