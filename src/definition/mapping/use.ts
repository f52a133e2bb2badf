import { ExpressionError } from '../../expression/error';
import { Code, literal, Props, textOf } from '../code';
import { isReference } from '../definition';
import type { ResolvedField, ResolvedObject } from '../resolve';
import { isSecretName } from '../secrets';
import type { Texts } from '../texts';
import type { Kind, TypeRules } from './rule';

/** What rules may ask of the definition around a field. */
export interface Surroundings {
  readonly texts: Texts;
  typeOf(id: string): TypeRules | undefined;
  object(id: string): ResolvedObject | undefined;
  propsOf(id: string): Props | undefined;
  /** The id of a worker group's construct. */
  workerGroup(name: string): string;
  tell(severity: 'error' | 'warning', object: ResolvedObject, field: ResolvedField, message: string): void;
}

/** A field of an object, where a rule decides what becomes of it. */
export class Use {
  constructor(readonly object: ResolvedObject, readonly field: ResolvedField, readonly around: Surroundings) {}

  error(message: string): undefined {
    this.around.tell('error', this.object, this.field, message);
    return undefined;
  }

  warn(message: string): void {
    this.around.tell('warning', this.object, this.field, message);
  }

  /** Its texts, with the values of parameters that are arrays. */
  texts(): string[] {
    return this.field.values.flatMap((value) => isReference(value) ? value.ref : this.around.texts.items(value) ?? value);
  }

  /** Its texts as they are written, where a run makes a list of a parameter that is one. */
  written(): string[] {
    return this.field.values.map((value) => isReference(value) ? value.ref : value);
  }

  /** The only text. */
  text(): string | undefined {
    const texts = this.written();
    if (texts.length === 1) return texts[0];
    return this.error(`is one value; got: ${texts.length === 0 ? 'none' : `${texts.length} of them`}; give one`);
  }

  /** What a run evaluates. */
  runtime(text: string): Code | undefined {
    return this.guarded(() => literal(this.around.texts.runtime(this.object, this.field.name, text)));
  }

  /** What has to be known before. */
  known(text: string): Code | undefined {
    return this.guarded(() => this.around.texts.known(this.object, this.field.name, text));
  }

  /** With the values of parameters that stand outside quotes. */
  outsideQuotes(text: string): string {
    return textOf(this.guarded(() => literal(this.around.texts.outsideQuotes(text)))) ?? text;
  }

  knownText(): string | undefined {
    const text = this.text();
    return text === undefined ? undefined : textOf(this.known(text));
  }

  /** Ids of the objects that it refers to, of one of these kinds. */
  refs(...kinds: Kind[]): string[] | undefined {
    const ids = this.field.values.map((value) => isReference(value) ? value.ref : value);
    const wrong = ids.find((id) => !kinds.includes(this.around.typeOf(id)?.kind as Kind));
    if (wrong === undefined) return ids;
    const got = this.around.object(wrong) ? `${wrong}, which is no such object` : `${shortened(wrong)}, which is no object of the definition`;
    return this.error(`takes the id of ${kinds.map((kind) => `${/^[aE]/.test(kind) ? 'an' : 'a'} ${kind}`).join(' or ')}; got: ${got}`);
  }

  private guarded(compute: () => Code | undefined): Code | undefined {
    try {
      return compute();
    } catch (error) {
      if (error instanceof ExpressionError) return this.error(isSecretName(this.field.name) ? 'has an expression that cannot be read' : error.message);
      throw error;
    }
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
