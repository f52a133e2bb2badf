import { isObject } from '../json';
import { Json } from '../task';
import { TemplateError } from './template';

/** What the names in a template stand for. */
export interface References {
  /** Of `Ref`: a parameter, a pseudo parameter or a resource. */
  ref(name: string, where: string): Json;
  /** Of `Fn::GetAtt`. */
  attribute(logicalId: string, name: string, where: string): string;
}

/** The value of `AWS::NoValue`: what has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue') as unknown as Json;

type Intrinsic = (argument: Json, resolver: Intrinsics) => Json;

/** Resolves the intrinsic functions in one part of a template; those that it does not know it refuses by name. */
export class Intrinsics {
  /** `where` names the part in errors. */
  constructor(private readonly references: References, private readonly where: string) {}

  public resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map(item => this.resolve(item)).filter(item => item !== NO_VALUE);
    if (!isObject(value)) return value;
    const [name, ...others] = Object.keys(value);
    if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return this.call(name, value[name]);
    const entries = Object.entries(value).map(([key, member]) => [key, this.resolve(member)] as const);
    return Object.fromEntries(entries.filter(([, member]) => member !== NO_VALUE));
  }

  public ref(name: string): Json {
    return this.references.ref(name, this.where);
  }

  public attribute(logicalId: string, name: string): string {
    return this.references.attribute(logicalId, name, this.where);
  }

  public list(value: Json): Json[] {
    const resolved = this.resolve(value);
    return Array.isArray(resolved) ? resolved : this.refuse(`a list is expected, not ${JSON.stringify(resolved)}`);
  }

  public text(value: Json): string {
    const resolved = this.resolve(value);
    return isObject(resolved) || Array.isArray(resolved) ? this.refuse(`text is expected, not ${JSON.stringify(resolved)}`) : String(resolved);
  }

  public refuse(problem: string): never {
    throw new TemplateError(this.where, problem);
  }

  private call(name: string, argument: Json): Json {
    const intrinsic = INTRINSICS[name];
    return intrinsic ? intrinsic(argument, this) : this.refuse(`${name} is not resolved here; known are ${Object.keys(INTRINSICS).join(', ')}`);
  }
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (name, resolver) => resolver.ref(String(name)),
  'Fn::GetAtt': (target, resolver) => {
    const [logicalId, ...path] = Array.isArray(target) ? target.map(String) : String(target).split('.');
    return resolver.attribute(logicalId, path.join('.'));
  },
  'Fn::Join': (argument, resolver) => {
    const [separator, parts] = pair(argument, resolver);
    return resolver.list(parts).map(part => resolver.text(part)).join(String(separator));
  },
  'Fn::Select': (argument, resolver) => {
    const [index, items] = pair(argument, resolver);
    const item = resolver.list(items)[Number(resolver.text(index))];
    return item ?? resolver.refuse(`Fn::Select has no item ${JSON.stringify(index)}`);
  },
  'Fn::Split': (argument, resolver) => {
    const [separator, text] = pair(argument, resolver);
    return resolver.text(text).split(String(separator));
  },
  'Fn::Sub': (argument, resolver) => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (isObject(variables) && name in variables) return resolver.text(variables[name]);
      const [logicalId, ...path] = name.split('.');
      return path.length > 0 ? resolver.attribute(logicalId, path.join('.')) : String(resolver.ref(name));
    });
  },
};

function pair(argument: Json, resolver: Intrinsics): [Json, Json] {
  return Array.isArray(argument) && argument.length === 2 ? [argument[0], argument[1]] : resolver.refuse(`two arguments are expected, not ${JSON.stringify(argument)}`);
}
