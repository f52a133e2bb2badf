import { ACTIONS } from './actions';
import { ACTIVITIES } from './activities';
import { DATA_NODES } from './data-nodes';
import { DATABASES } from './databases';
import { FORMATS } from './formats';
import { PRECONDITIONS } from './preconditions';
import { RESOURCES } from './resources';
import { TypeRules } from './rule';
import { SCHEDULES } from './schedule';

/** The types of AWS Data Pipeline, and what becomes of each of their fields. */
export const TYPES: Readonly<Record<string, TypeRules>> = {
  ...ACTIONS, ...ACTIVITIES, ...DATA_NODES, ...DATABASES, ...FORMATS, ...PRECONDITIONS, ...RESOURCES, ...SCHEDULES,
};

const BY_LOWER_CASE = new Map(Object.entries(TYPES).map(([name, type]) => [name.toLowerCase(), type]));

/** In any case. */
export function typeRules(name: string | undefined): TypeRules | undefined {
  return name === undefined ? undefined : BY_LOWER_CASE.get(name.toLowerCase());
}
