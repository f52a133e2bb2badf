import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { checkText, Text } from '../compiler/text';
import { Check } from '../compiler/work';
import { invalid } from '../errors';
import { inherited } from '../parent';

/** Props of a TimeWindowPrecondition: at least one of `notBefore` and `notAfter`. */
export interface TimeWindowPreconditionProps extends PreconditionProps {
  /**
   * The time from which on it holds, as ISO 8601 with a time zone: an expression such as `#{plusHours(@scheduledStartTime, 6)}`, or
   * a constant such as `2026-12-01T06:00:00Z`. An interval's own times are UTC.
   *
   * @default - from the start
   */
  readonly notBefore?: string;

  /**
   * The time after which it holds no more, in the same form: what has not begun by then fails.
   *
   * @default - without end
   */
  readonly notAfter?: string;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Holds in a window of time: not before a time, or not after one. It is looked at as other preconditions are, so that what it guards
 * begins by up to `retryDelay` after `notBefore`.
 */
export class TimeWindowPrecondition extends Precondition {
  private readonly texts: Record<string, Text>;

  constructor(scope: Construct, id: string, props: TimeWindowPreconditionProps) {
    props = inherited(scope, id, TimeWindowPrecondition, props);
    super(scope, id, props);
    const { notBefore, notAfter } = props;
    const given = Object.entries({ notBefore, notAfter }).filter((each): each is [string, string] => each[1] !== undefined);
    if (given.length === 0) throw invalid(this, 'notBefore', 'at least one of notBefore and notAfter says when; got: none');
    if (notBefore && notAfter && isTime(notBefore) && isTime(notAfter) && Date.parse(notAfter) < Date.parse(notBefore)) {
      throw invalid(this, 'notAfter', `is no earlier than notBefore; got: "${notAfter}" and "${notBefore}"`);
    }
    this.texts = Object.fromEntries(given.map(([prop, text]) => [prop, this.time(prop, text)]));
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 'time', texts: this.texts };
  }

  private time(prop: string, text: string): Text {
    if (!text.includes('#{') && !isTime(text)) throw invalid(this, prop, `is a time such as "2026-12-01T06:00:00Z", or an expression; got: "${text}"`);
    return checkText(this, prop, text);
  }
}

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}
