import { Zone } from '../../src/calendar/zone';
import { ZonesAnswer, ZonesRequest } from '../../src/contract/calendar';

/** @throws RangeError if there is no such zone */
export function zoneTables({ zones }: ZonesRequest): ZonesAnswer {
  return Object.fromEntries(zones.map((name) => [name, new Zone(name).table()]));
}
