import { covering } from './covering';
import { decide } from './decide';
import { zoneTables } from './zone-tables';
import {
  CalendarSchedule, CoveringAnswer, CoveringRequest, DecideAnswer, DecideRequest, QueueState, RunRecord, ZonesAnswer,
} from '../../src/contract/calendar';
import { DocumentReader } from '../../src/contract/document';

export async function handler(event: unknown): Promise<DecideAnswer | CoveringAnswer | ZonesAnswer> {
  const reader = new DocumentReader(event, 'calendar request');
  const kind = reader.oneOf('kind', ['decide', 'covering', 'zones']);
  switch (kind) {
    case 'decide': return decide(readDecideRequest(event));
    case 'covering': return covering(readCoveringRequest(event));
    case 'zones': return zoneTables({ kind, zones: reader.texts('zones') });
  }
}

function readCoveringRequest(event: unknown): CoveringRequest {
  const reader = new DocumentReader(event, 'calendar request');
  return { kind: reader.oneOf('kind', ['covering']), schedule: readSchedule(reader.object('schedule')), from: reader.time('from'), to: reader.time('to') };
}

/** The Starter's own input is read later, by name of what it is. @throws InvalidDocument naming the field */
export function readDecideRequest(event: unknown): DecideRequest {
  const reader = new DocumentReader(event, 'calendar request');
  return {
    kind: reader.oneOf('kind', ['decide']),
    runPrefix: reader.value('runPrefix') === '' ? '' : reader.text('runPrefix'),
    id: reader.text('id'),
    input: reader.value('input'),
    now: reader.time('now'),
    schedule: readSchedule(reader.object('schedule')),
    parameters: reader.texts('parameters'),
    parameterTypes: reader.has('parameterTypes') ? reader.object('parameterTypes').strings() : undefined,
    arrayParameters: reader.has('arrayParameters') ? reader.texts('arrayParameters') : undefined,
    fixedParameters: reader.has('fixedParameters') ? reader.object('fixedParameters').strings() : undefined,
    maxActiveInstances: reader.count('maxActiveInstances'),
    catchUp: reader.value('catchUp') === 'all' ? 'all' : reader.wholeNumber('catchUp'),
    queue: readQueue(reader.object('queue')),
    // The Starter's own, as it has read it.
    about: reader.value('about') as RunRecord | undefined,
  };
}

function readSchedule(reader: DocumentReader): CalendarSchedule {
  const kind = reader.oneOf('kind', ['rate', 'cron', 'onDemand']);
  if (kind === 'onDemand') return { kind };
  const range = {
    scheduleType: reader.oneOf('scheduleType', ['cron', 'timeseries']),
    startDateTime: reader.optionalTime('startDateTime'),
    endDateTime: reader.optionalTime('endDateTime'),
  };
  const occurrences = reader.optionalCount('occurrences');
  if (kind === 'rate') return { ...range, kind, startDateTime: reader.time('startDateTime'), period: reader.count('period'), occurrences };
  if (occurrences !== undefined && !reader.has('startDateTime')) reader.refuse('startDateTime', 'given beside occurrences, which count from it');
  return { ...range, kind, cron: reader.text('cron'), timeZone: reader.text('timeZone'), occurrences };
}

function readQueue(reader: DocumentReader): QueueState {
  return {
    active: reader.flag('active'),
    startTimestamp: reader.value('startTimestamp') === '' ? '' : reader.time('startTimestamp'),
    memory: reader.value('memory') === '' ? '' : reader.text('memory'),
    ended: reader.texts('ended'),
  };
}
