/**
 * Texts of a definition, with `#{...}` and CDK tokens in them: checked where they are given, rendered where a task needs them.
 *
 * A value from outside (a token, a parameter) never becomes part of an expression's text: it is a variable that the run assigns.
 */
import { Token } from 'aws-cdk-lib';
import { given, invalid } from '../errors';
import { ExpressionError } from '../expression/error';
import { parseTemplate } from '../expression/parser';
import { ARRAY_IN_TEXT, isMany, Rendered, renderTexts } from '../expression/render';
import { jsonataString } from '../expression/value';
import { PipelineObject } from '../pipeline-object';
import { Asl, field } from './asl';
import { Names, ObjectScope } from './scope';

/** A prop that takes expressions. */
export interface Text {
  readonly object: PipelineObject;
  readonly prop: string;
  readonly text: string;
  /** Where a field with several values makes several texts of it: which is meant. */
  readonly item?: number;
  /** Whether the run makes an array of texts of it. */
  readonly many?: true;
  /** Whether array parameters have the values of the deployment in it. */
  readonly fixed?: true;
}

export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'object' in value && 'prop' in value && 'text' in value;
}

/** Variable with what the calendar function says of the time zones. */
export const ZONES = 'zones';

/** Throws, with the object and the prop, if an expression of the text is wrong. */
export function checkText(object: PipelineObject, prop: string, text: string, names: Names = {}): Text {
  if (typeof text !== 'string') throw invalid(object, prop, `is a text; got: ${given(text)}; give one`);
  const checked = { object, prop, text };
  new TextRenderer().field(checked, names);
  return checked;
}

/** The same for a prop that is a list: a text that refers to a field with several values becomes as many; of an array parameter, in the run. */
export function checkList(object: PipelineObject, prop: string, texts: readonly string[]): Text[] {
  return texts.flatMap((text) => itemsOf({ object, prop, text }));
}

/** The same where the number of texts must be known before there is a run: array parameters have the values of the deployment. */
export function checkFixedList(object: PipelineObject, prop: string, texts: readonly string[]): Text[] {
  return texts.flatMap((text) => itemsOf({ object, prop, text, fixed: true }));
}

function itemsOf(text: Text): Text[] {
  return new TextRenderer().all(text).map((rendered, item) => ({ ...text, item, ...isMany(rendered) ? { many: true } : {} }));
}

/** Whether the text is another in the runs of other intervals. */
export function dependsOnInterval(text: Text): boolean {
  return /\$scheduled(Start|End)Time/.test(new TextRenderer().field(text));
}

/** Renders texts, and collects the values that must become variables. */
export class TextRenderer {
  /** Time zones that must be asked for. */
  readonly zones = new Set<string>();
  private readonly values = new Map<string, string>();
  private readonly parts: Record<string, Asl> = {};

  /** Variables to assign before anything that was rendered is evaluated: name to value. */
  get constants(): Asl {
    return { ...Object.fromEntries([...this.values].map(([value, name]) => [name, value])), ...this.parts };
  }

  /** Name of the variable that holds what many states have in common. */
  shared(name: string, value: Asl): string {
    this.parts[name] ??= value;
    return name;
  }

  /** Name of the variable that holds a value known at deployment. */
  constant(value: string): string {
    const name = this.values.get(value) ?? `c${this.values.size + 1}`;
    this.values.set(value, name);
    return name;
  }

  /** The text as a field of a state: as it is where it is known at deployment, else as JSONata. */
  field(text: Text, names: Names = {}): string {
    const rendered = this.render(text, names);
    return rendered.kind === 'jsonata' ? `{% ${rendered.text} %}` : field(rendered.text);
  }

  /** As `field`, on one line and no longer than `limit` characters. */
  lineField(text: Text, limit: number, names: Names = {}): string {
    const rendered = this.render(text, names);
    if (rendered.kind === 'constant' && !Token.isUnresolved(rendered.text)) return field(rendered.text.replace(/[\r\n]+/g, ' ').slice(0, limit));
    return `{% $substring($replace(${this.operand(text, names)}, /[\\r\\n]+/, " "), 0, ${limit}) %}`;
  }

  /** The text as an operand in a larger expression. */
  operand(text: Text, names: Names = {}): string {
    const rendered = this.render(text, names);
    return rendered.kind === 'jsonata' ? `(${rendered.text})` : this.literal(rendered.text);
  }

  /** A value known at deployment, as an operand in an expression. */
  literal(value: string): string {
    return Token.isUnresolved(value) ? `$${this.constant(value)}` : jsonataString(value);
  }

  /** Each of the texts that a text comes to. */
  all({ object, prop, text, fixed }: Text, names: Names = {}): Rendered[] {
    try {
      return renderTexts(parseTemplate(text), new ObjectScope(object, names, this, [], fixed && prop), (value) => this.constant(value));
    } catch (error) {
      if (error instanceof ExpressionError) throw invalid(object, prop, `${error.message} in "${text}"`);
      throw error;
    }
  }

  private render(text: Text, names: Names): Rendered {
    const texts = this.all(text, names);
    if (text.item === undefined && texts.length > 1) {
      throw invalid(text.object, text.prop, `is one text; got: ${texts.length} texts, because a field in "${text.text}" has as many values`);
    }
    const rendered = texts[text.item ?? 0];
    if (isMany(rendered) && !text.many) throw invalid(text.object, text.prop, `${ARRAY_IN_TEXT}; got: "${text.text}"`);
    return rendered;
  }

  /** JSONata of the offsets of a time zone. */
  zone(name: string): string {
    this.zones.add(name);
    return `$lookup($${ZONES}, ${jsonataString(name)})`;
  }
}
