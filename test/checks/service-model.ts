/**
 * AWS's own descriptions of its APIs, as botocore carries them, and values held to them: names, nesting, types, enum values,
 * lengths, patterns and required members.
 */
import * as fs from 'fs';
import * as path from 'path';
import { gunzipSync } from 'zlib';
import { isObject, JsonObject, typeName } from '../../simulator/json';
import { Json } from '../../simulator/task';

export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'blob' | 'timestamp' | 'boolean' | 'integer' | 'long' | 'float' | 'double';
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

interface Operation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: ReadonlyArray<{ readonly shape: string }>;
}

interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export class UnknownApiError extends Error {
  constructor(what: string, name: string, known: readonly string[]) {
    super(`there is no ${what} ${name}; there is: ${known.join(', ')}`);
    this.name = 'UnknownApiError';
  }
}

/** All services, read as they are asked for. */
export class ServiceModels {
  private readonly read = new Map<string, ServiceModel>();

  /** @param directory `botocore/data` */
  constructor(private readonly directory: string) {}

  service(folder: string): ServiceModel {
    const known = this.read.get(folder) ?? new ServiceModel(this.description(folder));
    this.read.set(folder, known);
    return known;
  }

  private description(folder: string): Description {
    const service = path.join(this.directory, folder);
    if (!fs.existsSync(service)) throw new UnknownApiError('service', folder, fs.readdirSync(this.directory));
    const newest = fs.readdirSync(service).sort().reverse()[0];
    return JSON.parse(gunzipSync(fs.readFileSync(path.join(service, newest, 'service-2.json.gz'))).toString('utf8')) as Description;
  }
}

export class ServiceModel {
  constructor(private readonly description: Description) {}

  input(operation: string): Shape {
    return this.shape(this.operation(operation).input?.shape);
  }

  output(operation: string): Shape {
    return this.shape(this.operation(operation).output?.shape);
  }

  errors(operation: string): string[] {
    return this.operation(operation).errors?.map(({ shape }) => shape) ?? [];
  }

  shape(name: string | undefined): Shape {
    return name === undefined ? { type: 'structure', members: {} } : this.description.shapes[name];
  }

  /** What of a value the shape does not allow. */
  problems(shape: Shape, value: Json, at: string): string[] {
    const wrong = typeProblem(shape, value);
    if (wrong) return [`${at}: ${wrong}`];
    switch (shape.type) {
      case 'structure': return this.structure(shape, value as JsonObject, at);
      case 'list': return [...range(shape, (value as Json[]).length, 'items', at), ...(value as Json[]).flatMap((item, index) => this.problems(this.shape(shape.member?.shape), item, `${at}[${index}]`))];
      case 'map': return this.map(shape, value as JsonObject, at);
      case 'string': return text(shape, value as string, at);
      case 'integer': case 'long': case 'float': case 'double': return range(shape, value as number, '', at);
      default: return [];
    }
  }

  private operation(name: string): Operation {
    const operation = this.description.operations[name];
    if (!operation) throw new UnknownApiError('operation', name, Object.keys(this.description.operations));
    return operation;
  }

  /** Step Functions writes all members with a capital first letter, whatever the API does. */
  private structure({ members = {}, required = [] }: Shape, value: JsonObject, at: string): string[] {
    const names = new Map(Object.keys(members).map((name) => [capital(name), name]));
    const given = Object.keys(value);
    return [
      ...required.map(capital).filter((name) => !given.includes(name)).map((name) => `${at}.${name}: is missing, and required`),
      ...given.flatMap((name) => {
        const member = names.get(name);
        return member === undefined
          ? [`${at}.${name}: is unknown; known: ${[...names.keys()].join(', ')}`]
          : this.problems(this.shape(members[member].shape), value[name], `${at}.${name}`);
      }),
    ];
  }

  private map(shape: Shape, value: JsonObject, at: string): string[] {
    return [
      ...range(shape, Object.keys(value).length, 'entries', at),
      ...Object.entries(value).flatMap(([key, item]) => [
        ...this.problems(this.shape(shape.key?.shape), key, `${at} key`),
        ...this.problems(this.shape(shape.value?.shape), item, `${at}.${key}`),
      ]),
    ];
  }
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const JSON_TYPES: Readonly<Record<Shape['type'], (value: Json) => boolean>> = {
  structure: isObject,
  map: isObject,
  list: Array.isArray,
  string: (value) => typeof value === 'string',
  timestamp: (value) => typeof value === 'number' || typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  long: Number.isInteger,
  float: (value) => typeof value === 'number',
  double: (value) => typeof value === 'number',
  // Step Functions takes any JSON for a body, and writes it as text.
  blob: () => true,
};

function typeProblem({ type }: Shape, value: Json): string | undefined {
  return JSON_TYPES[type](value) ? undefined : `is a ${typeName(value)}, ${JSON.stringify(value)}; it must be a ${type}`;
}

function text(shape: Shape, value: string, at: string): string[] {
  const shown = JSON.stringify(value.slice(0, 200));
  return [
    ...range(shape, value.length, 'characters', at),
    ...shape.enum && !shape.enum.includes(value) ? [`${at}: is ${shown}; it must be one of ${shape.enum.join(', ')}`] : [],
    ...shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value) ? [`${at}: is ${shown}; it must match ${shape.pattern}`] : [],
  ];
}

function range({ min, max }: Shape, size: number, unit: string, at: string): string[] {
  const right = (min === undefined || size >= min) && (max === undefined || size <= max);
  return right ? [] : [`${at}: has ${size} ${unit}; it may have ${min ?? 0} to ${max ?? 'any number'}`];
}
