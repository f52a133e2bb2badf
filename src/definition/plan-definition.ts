/**
 * A definition to the constructs that it becomes. What is wrong is told with its object and field, and the rest is planned all the same;
 * every field of the definition has one entry that says what became of it.
 */
import { call, Code, isConstruct, list, literal, member, objectOf, Planned, PlannedParameter, PlannedPipeline, Props, refsOf, textOf } from './code';
import type { Definition } from './definition';
import { PIPELINE } from './mapping/common';
import { Outcome, propOf, without } from './mapping/rule';
import { Use } from './mapping/use';
import { inOrder } from './order';
import { Schedules } from './plan-schedule';
import { Planner } from './planner';
import type { Problem } from './problem';
import type { ResolvedObject } from './resolve';
import { commentsOf, recordRest } from './rest';
import type { ParameterValues } from '../contract/parameters';

export interface PlanOptions {
  /** Values of parameters, by name; else the definition's own, or their defaults. */
  readonly parameterValues?: ParameterValues;
  /** The first interval that the pipeline runs is the first from this time on. */
  readonly cutover?: Date;
}

const OPAQUE = ['configuration', 'property', 'EBS configuration', 'EBS device', 'volume'];

export function planDefinition(definition: Definition, { parameterValues = {}, cutover }: PlanOptions = {}): PlannedPipeline {
  const planner = new Planner(definition, parameterValues);
  checkTypes(planner);
  const schedules = new Schedules(planner, cutover);
  const props = pipelineProps(planner, schedules);
  planner.objects.forEach(({ id }) => planner.propsOf(id)); // comments leave out what texts have taken
  const planned = withOwnPreconditions([...planner.objects.flatMap((object) => plannedOf(planner, schedules, object)), ...planner.added.values()]);
  const objects = inOrder(used(planner, planned, props), planner.problems);
  recordRest(planner);
  reportMissing(planner);
  const parameters = plannedParameters(planner);
  const note = commentsOf(planner, planner.defaults.id);
  return {
    pipeline: { id: 'Pipeline', construct: 'Pipeline', props: [...props, ...parameterProps(parameters), ...arrayProps(planner)], note },
    parameters,
    objects,
    entries: planner.entries.all,
    problems: inPlace(planner.problems),
  };
}

function checkTypes(planner: Planner): void {
  const bases = new Set(planner.definition.objects.flatMap(({ fields }) => fields.filter(({ name }) => name === 'parent')
    .flatMap(({ values }) => values.map((value) => typeof value === 'string' ? value : value.ref))));
  for (const { id, type, fields, at } of planner.objects) {
    if (planner.typeOf(id)) continue;
    const message = type === undefined ? 'is missing, and no object has this one for its parent; give the type' : `is no type of AWS Data Pipeline; got: "${type.slice(0, 60)}"`;
    if (type !== undefined || !bases.has(id)) planner.problems.push({ severity: 'error', object: id, field: 'type', at: fields.get('type')?.at ?? at, message });
  }
}

function pipelineProps(planner: Planner, schedules: Schedules): Props {
  const { defaults } = planner;
  const outcomes = [...defaults.fields.values()].filter(({ name }) => Object.hasOwn(PIPELINE, name))
    .flatMap((field) => planner.apply(PIPELINE[field.name], defaults, field) ?? []);
  const schedule = schedules.code();
  const logs = defaults.fields.get('pipelineLogUri');
  const uri = logs && planner.apply(logLocation, defaults, logs);
  for (const name of ['schedule', 'scheduleType']) {
    const field = defaults.fields.get(name);
    if (field) planner.entries.record(field, { fate: 'kept', to: name === 'schedule' ? 'schedule' : 'scheduleType of the Schedule' });
  }
  return [...schedule ? [['schedule', schedule] as const] : [], ...uri?.props ?? [], ...outcomes.flatMap((outcome) => outcome.props ?? [])];
}

function logLocation(use: Use): Outcome | undefined {
  const value = use.text();
  const code = value === undefined ? undefined : use.known(value);
  const uri = textOf(code);
  if (!code || uri === undefined) return undefined;
  if (!/^s3:\/\/[^/]+/.test(uri)) return use.error(`is in Amazon S3: s3://<bucket>/<folder>/; got: "${uri}"`);
  const whole: Code = /^s3:\/\/[^/]+$/.test(uri) ? { kind: 'template', parts: [code, literal('/')] } : code;
  return { fate: 'kept', to: 'pipelineLogUri', props: [['pipelineLogUri', whole]] };
}

function plannedOf(planner: Planner, schedules: Schedules, object: ResolvedObject): Planned[] {
  const { id } = object;
  const type = planner.typeOf(id);
  const props = planner.propsOf(id);
  if (!type || !props) return [];
  const note = [...commentsOf(planner, id), ...planner.notesOf(id)];
  if (type.kind === 'schedule') {
    const code = id === schedules.own || schedules.onDemand ? undefined : schedules.code(id);
    return code ? [{ id, value: code, note }] : [];
  }
  if (type.construct === undefined) return [{ id, value: type.value?.(props) ?? objectOf(props), note }];
  return [{ id, construct: type.construct, props: fitted(planner, schedules, object, props), note }];
}

/** Without what other objects make needless. */
function fitted(planner: Planner, schedules: Schedules, object: ResolvedObject, props: Props): Props {
  const schedule = propOf(props, 'schedule');
  const needless = [
    ...schedule?.kind === 'object-ref' && (schedules.onDemand || schedule.id === schedules.own) ? ['schedule'] : [],
    ...isThroughDataApi(planner, object, props) ? ['runsOn', 'reportProgressTimeout'] : [],
    ...planner.typeOf(object.id)?.kind === 'data node' && !asksHosts(planner, props) ? ['runsOn'] : [],
  ];
  return [...without(props, ...needless), ...csvOfCopies(planner, object, props)];
}

function isThroughDataApi(planner: Planner, { type }: ResolvedObject, props: Props): boolean {
  const database = propOf(props, 'database');
  if (type?.toLowerCase() !== 'sqlactivity' || database?.kind !== 'object-ref') return false;
  return planner.object(database.id)?.type?.toLowerCase() === 'redshiftdatabase' && !propOf(planner.propsOf(database.id) ?? [], 'connectionString');
}

/** Files that are copied from or to a table are CSV unless they say otherwise, as AWS Data Pipeline had it. */
function csvOfCopies(planner: Planner, { id, type }: ResolvedObject, props: Props): Props {
  if (type?.toLowerCase() !== 's3datanode' || propOf(props, 'dataFormat')) return [];
  const copies = planner.objects.filter((each) => each.type?.toLowerCase() === 'copyactivity').map((each) => sidesOf(planner, each.id));
  const withTable = copies.some((sides) => sides.includes(id) && sides.some((side) => /^(my)?sqldatanode$/i.test(planner.object(side)?.type ?? '')));
  return withTable ? [['dataFormat', call('DataFormat.csv')]] : [];
}

function sidesOf(planner: Planner, copy: string): string[] {
  return (planner.propsOf(copy) ?? []).flatMap(([name, code]) => name === 'input' || name === 'output' ? refsOf(code) : []);
}

/** Whether a command guards the data node. */
function asksHosts(planner: Planner, props: Props): boolean {
  const guards = propOf(props, 'preconditions');
  return guards !== undefined && refsOf(guards).some((id) => planner.object(id)?.type?.toLowerCase() === 'shellcommandprecondition');
}

/** A precondition guards one object here: those that guard several are as many. */
function withOwnPreconditions(planned: readonly Planned[]): Planned[] {
  const byId = new Map(planned.map((each) => [each.id, each]));
  const taken = new Set<string>();
  const copies: Planned[] = [];
  const ownGuard = (user: string, guard: Code): Code => {
    if (guard.kind !== 'object-ref' || !taken.has(guard.id)) {
      if (guard.kind === 'object-ref') taken.add(guard.id);
      return guard;
    }
    const id = `${guard.id}-${user}`;
    const original = byId.get(guard.id);
    if (original) copies.push({ ...original, id, note: [...original.note, `${guard.id}, for ${user}.`] });
    return { kind: 'object-ref', id };
  };
  const changed = planned.map((each) => !isConstruct(each) ? each : {
    ...each,
    props: each.props.map(([name, code]) => [name, name === 'preconditions' && code.kind === 'list' ? list(code.items.map((item) => ownGuard(each.id, item))) : code] as const),
  });
  return [...changed, ...copies];
}

/** What activities and data nodes need; nothing else is launched, asked or connected to. */
function used(planner: Planner, planned: readonly Planned[], pipeline: Props): Planned[] {
  const byId = new Map(planned.map((each) => [each.id, each]));
  const kinds = ['activity', 'data node'];
  const reached = new Set(pipeline.flatMap(([, code]) => refsOf(code)));
  for (const { id } of planned) if (kinds.includes(planner.typeOf(id)?.kind ?? '')) reached.add(id);
  for (const id of reached) {
    const each = byId.get(id);
    if (each) (isConstruct(each) ? each.props.flatMap(([, code]) => refsOf(code)) : refsOf(each.value)).forEach((ref) => reached.add(ref));
  }
  for (const { id } of planned) {
    if (!reached.has(id) && !OPAQUE.includes(planner.typeOf(id)?.kind ?? '')) planner.entries.leaveOut(id, 'Nothing that runs needs it.');
  }
  return planned.filter(({ id }) => reached.has(id));
}

function plannedParameters({ texts, parameters }: Planner): PlannedParameter[] {
  return [...texts.lookedUp].flatMap((name) => {
    const parameter = parameters.get(name);
    return parameter && !parameter.isArray ? [{ name, type: parameter.type, value: parameter.values.join(','), description: parameter.description }] : [];
  });
}

function parameterProps(parameters: readonly PlannedParameter[]): Props {
  if (parameters.length === 0) return [];
  const typed = parameters.filter(({ type }) => type !== 'STRING');
  const values = objectOf(parameters.map(({ name, value }) => [name, { kind: 'parameter', name, value }] as const));
  const types = objectOf(typed.map(({ name, type }) => [name, member('ParameterType', type)] as const));
  return [['parameters', values], ...typed.length ? [['parameterTypes', types] as const] : []];
}

function arrayProps({ texts, parameters }: Planner): Props {
  const arrays = [...texts.lookedUp].flatMap((name) => parameters.get(name) ?? []).filter(({ isArray }) => isArray);
  const values = arrays.map(({ name, values: all }) => [name, list(all.map((value) => literal(value)))] as const);
  return values.length ? [['arrayParameters', objectOf(values)]] : [];
}

function reportMissing(planner: Planner): void {
  const { texts, parameters, problems } = planner;
  for (const [name, uses] of texts.missing.uses) {
    const parameter = parameters.get(name);
    const places = `used in ${uses.join(', ')}`;
    const message = parameter?.secret ?? name.startsWith('*')
      ? `is a secret, which no text may hold; ${places}: have what runs there read it from AWS Secrets Manager`
      : parameter ? `is a parameter without a value; ${places}: give it one by parameterValues or a default` : `is no parameter; ${places}: declare it, with a default`;
    problems.push({ severity: 'error', object: name, at: parameter?.at ?? planner.placeOf(uses[0]), message });
  }
}

function inPlace(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0));
}
