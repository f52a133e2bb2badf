/**
 * The texts of a definition. Most take expressions when a run is on; names that only the definition knows (fields of the user's own) are
 * put in there. Where a value has to be known before, parameters count with the values that they have.
 */
import { Code, literal } from './code';
import { isReference } from './definition';
import type { ParameterValue } from './parameters';
import { namesIn, substitute, templateOf } from './references';
import type { ResolvedField, ResolvedObject } from './resolve';
import { ExpressionError } from '../expression/error';

/** What names in texts may stand for. */
export interface Vocabulary {
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly defaults: ResolvedObject;
  object(id: string): ResolvedObject | undefined;
  /** Whether a construct has the field under its name. */
  isMapped(object: ResolvedObject, field: string): boolean;
}

/** What names lack a value, and where they are used. */
export class Missing {
  readonly uses = new Map<string, string[]>();

  add(name: string, use: string): void {
    const known = this.uses.get(name) ?? [];
    if (!known.includes(use)) this.uses.set(name, [...known, use]);
  }
}

const MOST_STEPS = 8;
/** Of a field that is put into another. */
const MOST_CHARACTERS = 10_000;

export class Texts {
  readonly missing = new Missing();
  /** Parameters that runs look up. */
  readonly lookedUp = new Set<string>();
  /** Fields of the user's own that texts have taken: `<object>.<field>`. */
  readonly taken = new Set<string>();

  constructor(private readonly vocabulary: Vocabulary) {}

  /**
   * A text that a run evaluates.
   *
   * @throws ExpressionError if an expression in it is wrong
   */
  runtime(object: ResolvedObject, field: string, text: string): string {
    const own = this.withOwnFields(object, text);
    for (const { path: [name, ...more] } of namesIn(own)) {
      if (more.length === 0) this.look(name, `${object.id}.${field}`);
    }
    return own;
  }

  /**
   * A text that has to be known.
   *
   * @throws ExpressionError if only a run knows it
   */
  known(object: ResolvedObject, field: string, text: string): Code | undefined {
    const own = this.withKnownFields(object, this.withOwnFields(object, text));
    const parts = templateOf(own).parts.map((part) => {
      if (part.kind === 'literal') return literal(part.text);
      const { expression } = part;
      return expression.kind === 'reference' ? this.parameter(expression.path.join('.'), `${object.id}.${field}`) : undefined;
    });
    if (parts.some((part) => part === undefined)) {
      throw new ExpressionError(`has to be known before a run begins: only names of parameters may stand in braces; got: "${text}"`);
    }
    const codes = parts.flatMap((part) => part === undefined || part === 'missing' ? [] : part);
    if (codes.length < parts.length) return undefined;
    return codes.length === 1 ? codes[0] : codes.length === 0 ? literal('') : { kind: 'template', parts: codes };
  }

  /**
   * Values of parameters in place of their names, outside single quotes.
   *
   * @throws ExpressionError if an expression cannot be read
   */
  outsideQuotes(text: string): string {
    if (!text.includes('#{')) return text;
    const inside = (from: number) => text.slice(0, from).split("'").length % 2 === 0;
    const quoted = new Set(namesIn(text).filter(({ from }) => inside(from)).map(({ path }) => path.join('.')));
    return substitute(text, (path) => {
      const parameter = this.vocabulary.parameters.get(path.join('.'));
      return parameter && parameter.values.length > 0 && !quoted.has(parameter.name) ? parameter.values.join(',') : undefined;
    });
  }

  /** All values of a parameter that is an array, if the text names one. */
  items(text: string): readonly string[] | undefined {
    const [, name] = /^#\{\s*(\w+)\s*\}$/.exec(text) ?? [];
    const parameter = name === undefined ? undefined : this.vocabulary.parameters.get(name);
    return parameter?.isArray && parameter.values.length > 0 ? parameter.values : undefined;
  }

  private parameter(name: string, use: string): Code | 'missing' | undefined {
    const parameter = this.vocabulary.parameters.get(name);
    if (!parameter && !/^\*?my/.test(name)) return undefined;
    const value = parameter?.values.join(',');
    if (parameter && parameter.values.length > 0) return { kind: 'parameter', name, value: value! };
    this.missing.add(name, use);
    return 'missing';
  }

  private look(name: string, use: string): void {
    const parameter = this.vocabulary.parameters.get(name);
    if (parameter && parameter.values.length > 0) this.lookedUp.add(name);
    else if (parameter ?? /^\*?my/.test(name)) this.missing.add(name, use);
  }

  private withOwnFields(object: ResolvedObject, text: string, steps = 0): string {
    if (!text.includes('#{')) return text;
    if (steps > MOST_STEPS) throw new ExpressionError(`leads through more than ${MOST_STEPS} fields, or back to itself; got: "${text.slice(0, 100)}"`);
    return substitute(text, (path) => this.ownField(object, path, steps));
  }

  /** Of what no construct has under its name. */
  private ownField(object: ResolvedObject, [first, ...path]: readonly string[], steps: number): string | undefined {
    if (path.length === 0 && this.vocabulary.parameters.has(first)) return undefined;
    const found = this.fieldOf(object, first);
    if (!found || first === 'node') return undefined;
    const [value] = found.values;
    if (path.length > 0) {
      const target = value !== undefined && isReference(value) ? this.vocabulary.object(value.ref) : undefined;
      return target && steps <= MOST_STEPS ? this.ownField(target, path, steps + 1) : undefined;
    }
    if (this.vocabulary.isMapped(object, first) || value === undefined) return undefined;
    this.taken.add(`${found.from}.${first}`);
    return isReference(value) ? value.ref : this.withOwnFields(object, found.values.join(','), steps + 1);
  }

  /** With the fields that constructs have, too. */
  private withKnownFields(object: ResolvedObject, text: string, steps = 0): string {
    const changed = text.includes('#{') ? substitute(text, (path) => this.textField(object, path)) : text;
    return changed === text || steps > MOST_STEPS ? changed : this.withKnownFields(object, this.withOwnFields(object, changed), steps + 1);
  }

  private textField(object: ResolvedObject, [name, ...path]: readonly string[]): string | undefined {
    const value = path.length === 0 && !this.vocabulary.parameters.has(name) ? this.fieldOf(object, name)?.values[0] : undefined;
    return typeof value === 'string' && value.length < MOST_CHARACTERS ? value : undefined;
  }

  private fieldOf(object: ResolvedObject, name: string): ResolvedField | undefined {
    if (name === 'name' && object.name !== undefined && object.name !== object.id) return { name, values: [object.name], list: false, from: object.id };
    return object.fields.get(name) ?? this.vocabulary.defaults.fields.get(name);
  }
}
