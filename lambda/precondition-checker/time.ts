import { NotHeld, TimedOut } from './not-held';
import { CheckHeld, TimeCheck } from '../../src/contract/checker';

/**
 * Whether it is the time.
 *
 * @throws NotHeld before the window; TimedOut after it
 */
export function timeCheck({ notBefore, notAfter, deadline }: TimeCheck, now: number): CheckHeld {
  if (notAfter !== undefined && now > Date.parse(notAfter)) throw new TimedOut(`it is later than ${notAfter}`);
  if (notBefore !== undefined && now < Date.parse(notBefore)) throw new NotHeld(`it is not ${notBefore} yet`, deadline, now);
  return { held: true };
}
