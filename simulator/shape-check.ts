import * as fields from './fields';
import { isObject, JsonObject } from './json';
import { expressionIn } from './json-template';
import { compile } from './jsonata';
import { parseResource, RESOURCE_FORMS } from './resource';
import { Json } from './task';

const MAX_NAME = 80;

/** Checks fields and their values, one at a time. */
export class ShapeCheck {
  constructor(private readonly problems: string[]) {}

  public machine(machine: JsonObject): void {
    this.fields('state machine', machine, fields.MACHINE);
    this.states('state machine', machine, typeof machine.QueryLanguage === 'string' ? machine.QueryLanguage : 'JSONPath');
  }

  private scope(where: string, scope: Json, known: fields.Fields, inherited: string): void {
    if (!isObject(scope)) return this.report(where, `must be an object; got ${JSON.stringify(scope)}`);
    this.fields(where, scope, known);
    this.states(where, scope, typeof scope.QueryLanguage === 'string' ? scope.QueryLanguage : inherited);
  }

  private states(where: string, scope: JsonObject, language: string): void {
    if (!isObject(scope.States)) return;
    if (Object.keys(scope.States).length === 0) this.report(where, 'field \'States\' must hold at least one state');
    for (const [name, state] of Object.entries(scope.States)) this.state(name, state, language);
  }

  private state(name: string, state: Json, inherited: string): void {
    const where = `state '${name}'`;
    if (name.length > MAX_NAME) this.report(where, `its name has ${name.length} characters; at most ${MAX_NAME} are allowed`);
    if (!isObject(state)) return this.report(where, `must be an object; got ${JSON.stringify(state)}`);
    if (!this.isJsonata(where, state, inherited)) return;
    const known = fields.STATES[String(state.Type)];
    if (!known) {
      return this.report(where, `field 'Type' is ${JSON.stringify(state.Type)}; must be one of ${Object.keys(fields.STATES).join(', ')}`);
    }
    this.fields(where, state, known);
    this.parts(where, state, inherited);
  }

  private isJsonata(where: string, state: JsonObject, inherited: string): boolean {
    const language = state.QueryLanguage ?? inherited;
    if (language === 'JSONata') return true;
    if (inherited === 'JSONata') {
      this.report(where, '\'QueryLanguage\' can not be \'JSONPath\' if set to \'JSONata\' for whole state machine');
    } else {
      const jsonPath = Object.keys(state).filter(field => field in fields.JSONPATH_FIELDS);
      this.report(where, `its QueryLanguage is ${String(language)}${state.QueryLanguage === undefined ? ' (inherited, or by default)' : ''}` +
        `${jsonPath.length > 0 ? `, with ${jsonPath.join(', ')}` : ''}; only JSONata is interpreted: set QueryLanguage to JSONata`);
    }
    return false;
  }

  private parts(where: string, state: JsonObject, language: string): void {
    this.each(`${where}: Choices`, state.Choices, (at, rule) => this.fields(at, rule, fields.CHOICE_RULE));
    this.each(`${where}: Catch`, state.Catch, (at, catcher, last) => this.handler(at, catcher, last, fields.CATCHER));
    this.each(`${where}: Retry`, state.Retry, (at, retrier, last) => this.retrier(at, retrier, last));
    this.each(`${where}: Branches`, state.Branches, (at, branch) => this.scope(at, branch, fields.BRANCH, language));
    if (state.Type === 'Task') this.task(where, state);
    if (state.Type === 'Map') this.map(where, state, language);
    if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
      this.report(where, 'needs exactly one of \'Seconds\' and \'Timestamp\'');
    }
    if ('Next' in fields.STATES[String(state.Type)].types && (state.Next === undefined) === (state.End !== true)) {
      this.report(where, 'needs exactly one of \'Next\' and \'End: true\'');
    }
  }

  private task(where: string, state: JsonObject): void {
    if (typeof state.Resource === 'string' && !parseResource(state.Resource)) {
      this.report(where, `field 'Resource' is ${JSON.stringify(state.Resource)}; must be ${RESOURCE_FORMS}`);
    }
    const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
    if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
      this.report(where, `field 'HeartbeatSeconds' is ${heartbeat}; must be smaller than TimeoutSeconds, which is ${timeout}`);
    }
  }

  private retrier(where: string, retrier: JsonObject, last: boolean): void {
    this.handler(where, retrier, last, fields.RETRIER);
    this.oneOf(where, retrier, 'JitterStrategy', ['FULL', 'NONE']);
    const { IntervalSeconds: interval = 1, MaxDelaySeconds: maximum } = retrier;
    if (typeof maximum === 'number' && typeof interval === 'number' && maximum <= interval) {
      this.report(where, `field 'MaxDelaySeconds' is ${maximum}; must be larger than IntervalSeconds, which is ${interval}`);
    }
  }

  private handler(where: string, handler: JsonObject, last: boolean, known: fields.Fields): void {
    this.fields(where, handler, known);
    const errors = handler.ErrorEquals;
    if (!Array.isArray(errors)) return;
    if (errors.length === 0 || !errors.every(error => typeof error === 'string')) {
      this.report(where, `field 'ErrorEquals' must hold one or more error names; got ${JSON.stringify(errors)}`);
    }
    if (errors.includes('States.ALL') && (errors.length > 1 || !last)) {
      this.report(where, 'field \'ErrorEquals\' has States.ALL, which must stand alone and in the last of the list');
    }
  }

  private map(where: string, state: JsonObject, language: string): void {
    const processor = state.ItemProcessor;
    this.scope(`${where}: ItemProcessor`, processor, fields.ITEM_PROCESSOR, language);
    const config = isObject(processor) ? this.part(`${where}: ProcessorConfig`, processor.ProcessorConfig, fields.PROCESSOR_CONFIG) : undefined;
    if (config) {
      this.oneOf(where, config, 'Mode', ['INLINE', 'DISTRIBUTED']);
      this.oneOf(where, config, 'ExecutionType', ['STANDARD']);
    }
    const reader = this.part(`${where}: ItemReader`, state.ItemReader, fields.ITEM_READER);
    if (reader) {
      this.oneOf(`${where}: ItemReader`, reader, 'Resource', ['arn:aws:states:::s3:getObject']);
      const readerConfig = this.part(`${where}: ReaderConfig`, reader.ReaderConfig, fields.READER_CONFIG);
      if (readerConfig) this.oneOf(`${where}: ReaderConfig`, readerConfig, 'InputType', ['JSON']);
    }
    const batcher = this.part(`${where}: ItemBatcher`, state.ItemBatcher, fields.ITEM_BATCHER);
    if ((reader || batcher) && config?.Mode !== 'DISTRIBUTED') this.report(where, 'ItemReader and ItemBatcher need a ProcessorConfig with Mode DISTRIBUTED');
  }

  private part(where: string, value: Json | undefined, known: fields.Fields): JsonObject | undefined {
    if (!isObject(value)) return undefined;
    this.fields(where, value, known);
    return value;
  }

  private each(where: string, list: Json | undefined, check: (at: string, item: JsonObject, last: boolean) => void): void {
    if (!Array.isArray(list)) return;
    if (list.length === 0 && !/(Retry|Catch)$/.test(where)) this.report(where, 'must not be empty');
    list.forEach((item, index) => {
      if (isObject(item)) check(`${where}[${index}]`, item, index === list.length - 1);
      else this.report(`${where}[${index}]`, `must be an object; got ${JSON.stringify(item)}`);
    });
  }

  private oneOf(where: string, object: JsonObject, field: string, allowed: readonly string[]): void {
    if (object[field] !== undefined && !allowed.includes(String(object[field]))) {
      this.report(where, `field '${field}' is ${JSON.stringify(object[field])}; the simulator interprets ${allowed.join(' and ')}`);
    }
  }

  private fields(where: string, object: JsonObject, known: fields.Fields): void {
    for (const field of known.required ?? []) {
      if (object[field] === undefined) this.report(where, `field '${field}' is missing`);
    }
    for (const [field, value] of Object.entries(object)) {
      const type = known.types[field];
      if (type) this.value(where, field, value, type);
      else this.report(where, `field '${field}' ${strangeness(field, known)}`);
    }
  }

  private value(where: string, field: string, value: Json, type: fields.FieldType): void {
    if (!isOfType(value, type)) return this.report(where, `field '${field}' must be ${fields.EXPECTED[type]}; got ${JSON.stringify(value)}`);
    if (SCOPED.has(field)) return;
    for (const source of expressionsIn(value)) {
      try {
        compile(source);
      } catch (error) {
        this.report(where, `field '${field}' has an expression that cannot be compiled: ${(error as Error).message}; got {% ${source} %}`);
      }
    }
  }

  private report(where: string, what: string): void {
    this.problems.push(`${where}: ${what}`);
  }
}

/** Fields that hold more fields, which are checked by themselves. */
const SCOPED = new Set(['States', 'Branches', 'ItemProcessor', 'Choices', 'Retry', 'Catch', 'ItemReader', 'ItemBatcher', 'ReaderConfig']);

function strangeness(field: string, known: fields.Fields): string {
  return field in fields.JSONPATH_FIELDS
    ? `is JSONPath; only JSONata is interpreted: use ${fields.JSONPATH_FIELDS[field]}`
    : `is unknown; allowed are ${Object.keys(known.types).join(', ')}`;
}

function isOfType(value: Json, type: fields.FieldType): boolean {
  switch (type) {
    case 'any': return true;
    case 'array': return Array.isArray(value);
    case 'object': return isObject(value);
    case 'count': return Number.isInteger(value) && Number(value) >= 0;
    case 'positive': return Number.isInteger(value) && Number(value) >= 1;
    case 'rate': return typeof value === 'number' && value >= 1;
    case 'template': return isOfType(value, 'count') || expressionIn(value) !== undefined;
    default: return typeof value === type;
  }
}

function expressionsIn(value: Json): string[] {
  const source = expressionIn(value);
  if (source !== undefined) return [source];
  return isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(expressionsIn) : [];
}
