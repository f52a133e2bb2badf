import { DocumentReader, InvalidDocument } from '../../src/contract/document';
import { parameterProblem, ParameterRules, ParameterValues } from '../../src/contract/parameters';
import { INVALID_INPUT } from '../../src/contract/run';

export const MOST_AT_ONCE = 100;

/** The Starter's input, read. Times are milliseconds since 1970. */
export type Asked =
  | { readonly kind: 'tick'; readonly time: number }
  | { readonly kind: 'activation'; readonly parameters: ParameterValues }
  | { readonly kind: 'dispatch' }
  | { readonly kind: 'ended'; readonly run: string }
  | Backfill
  | Rerun
  | Marking;

export interface Backfill {
  readonly kind: 'backfill';
  readonly from: number;
  readonly to: number;
  readonly concurrency: number;
  readonly order: 'forward' | 'backward';
  readonly parameters: ParameterValues;
}

export interface Rerun {
  readonly kind: 'rerun';
  /** Left out: all that is not FINISHED. */
  readonly objects?: readonly string[];
  readonly withConsumers: boolean;
}

export interface Marking {
  readonly kind: 'markFinished';
  readonly objects: readonly string[];
}

/** Input that the Starter does not take. */
export class InvalidInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = INVALID_INPUT;
  }
}

export interface Known extends ParameterRules {
  readonly onDemand: boolean;
  readonly now: number;
}

/** @throws InvalidInput that says what was given, and what is allowed */
export function readStarterInput(input: unknown, known: Known): Asked {
  try {
    return read(input, known);
  } catch (error) {
    if (error instanceof InvalidDocument) throw new InvalidInput(`${error.message}. ${allowed(known)}`);
    throw error;
  }
}

function allowed({ onDemand }: Known): string {
  return `${onDemand ? 'An activation is {parameters?}.' : 'A tick is {scheduledTime}, in ISO-8601; a backfill {backfill: {from, to, concurrency?, order?, parameters?}}.'} `
    + 'A rerun is {rerun: {run, objects?, withConsumers?}}, marks are {markFinished: {run, objects}}. '
    + '{dispatch: true} starts what waits, {ended: run} says that a run has ended.';
}

function read(input: unknown, known: Known): Asked {
  const reader = new DocumentReader(input, 'input');
  const [kind = known.onDemand ? 'parameters' : 'scheduledTime', ...more] = reader.names();
  if (more.length > 0) reader.refuse(more[0], `absent beside ${kind}`);
  switch (kind) {
    case 'dispatch': return reader.flag(kind) ? { kind } : reader.refuse(kind, 'true');
    case 'ended': return { kind: 'ended', run: reader.text('ended') };
    case 'scheduledTime': return known.onDemand ? reader.refuse(kind, 'absent: the pipeline has no schedule') : { kind: 'tick', time: Date.parse(reader.time(kind)) };
    case 'parameters': return known.onDemand ? { kind: 'activation', parameters: parametersOf(reader, known) } : reader.refuse(kind, 'absent: the pipeline has a schedule');
    case 'backfill': return known.onDemand ? reader.refuse(kind, 'absent: the pipeline has no schedule') : backfillOf(reader.object(kind), known);
    case 'rerun': return rerunOf(reader.object(kind));
    case 'markFinished': return markingOf(reader.object(kind));
    default: return reader.refuse(kind, 'absent: there is no such input');
  }
}

function backfillOf(reader: DocumentReader, known: Known): Backfill {
  const [from, to] = [Date.parse(reader.time('from')), Date.parse(reader.time('to'))];
  if (to <= from) reader.refuse('to', 'after from');
  if (to > known.now) reader.refuse('to', 'in the past: the schedule itself runs what is to come');
  const concurrency = reader.optionalCount('concurrency') ?? 1;
  if (concurrency > MOST_AT_ONCE) reader.refuse('concurrency', `1 to ${MOST_AT_ONCE}`);
  const order = reader.has('order') ? reader.oneOf('order', ['forward', 'backward']) : 'forward';
  return { kind: 'backfill', from, to, concurrency, order, parameters: parametersOf(reader, known) };
}

/** The Starter has looked for the run by its name. */
function rerunOf(reader: DocumentReader): Rerun {
  reader.text('run');
  const objects = reader.has('objects') ? objectsOf(reader) : undefined;
  const withConsumers = reader.has('withConsumers') && reader.flag('withConsumers');
  if (withConsumers && !objects) reader.refuse('objects', 'given beside withConsumers, which are theirs');
  return { kind: 'rerun', objects, withConsumers };
}

function markingOf(reader: DocumentReader): Marking {
  reader.text('run');
  return { kind: 'markFinished', objects: objectsOf(reader) };
}

function objectsOf(reader: DocumentReader): readonly string[] {
  const objects = reader.texts('objects');
  return objects.length > 0 ? objects : reader.refuse('objects', 'ids of objects, one at least');
}

/** One text for an array parameter is a list of one. */
function parametersOf(reader: DocumentReader, known: Known): ParameterValues {
  if (!reader.has('parameters')) return {};
  const given = reader.object('parameters');
  checkNames(given.names(), known);
  const { arrayParameters = [], parameterTypes = {} } = known;
  const values = given.names().map((name) => [name, arrayParameters.includes(name) ? given.textOrTexts(name) : given.string(name)] as const);
  const problems = values.flatMap(([name, value]) => [value].flat().flatMap((each) => parameterProblem(name, each, parameterTypes[name]) ?? []));
  if (problems.length > 0) throw new InvalidInput(`Parameters of other types: ${problems.join(', ')}`);
  return Object.fromEntries(values);
}

function checkNames(given: readonly string[], { parameters, fixedParameters = {} }: Known): void {
  const unknown = given.filter((name) => !parameters.includes(name));
  if (unknown.length > 0) throw new InvalidInput(`Parameters that the pipeline does not have: ${unknown.join(', ')}`);
  const fixed = given.filter((name) => Object.hasOwn(fixedParameters, name)).map((name) => `${name}, which makes ${fixedParameters[name]}`);
  if (fixed.length > 0) {
    throw new InvalidInput(`Parameters that a deployment decides on: ${fixed.join(', ')}; deploy the pipeline with other values, or leave them out`);
  }
}
