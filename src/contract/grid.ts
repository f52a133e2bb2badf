/** The ticks of a schedule with a period: on whole minutes in UTC, as far as cron can express them. No CDK, since a function needs it too. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export interface Grid {
  /** The six fields. */
  readonly cron: string;
  /** Between ticks, in milliseconds. */
  readonly spacing: number;
}

/** A tick at (or within the minute after) every boundary between intervals, and others between them only where cron cannot express the period. */
export function grid(period: number, startDateTime: string): Grid {
  const first = new Date(Math.ceil(Date.parse(startDateTime) / MINUTE) * MINUTE);
  const [minute, hour] = [first.getUTCMinutes(), first.getUTCHours()];
  if (period % WEEK === 0) return { cron: `${minute} ${hour} ? * ${WEEKDAYS[first.getUTCDay()]} *`, spacing: WEEK };
  if (period % HOUR !== 0) {
    const spacing = greatestCommonDivisor(period, HOUR);
    return { cron: `${every(minute, spacing / MINUTE)} * * * ? *`, spacing };
  }
  const spacing = greatestCommonDivisor(period, DAY);
  return { cron: `${minute} ${spacing === DAY ? hour : every(hour, spacing / HOUR)} * * ? *`, spacing };
}

/** A cron field for every `step`th value, `value` among them. */
function every(value: number, step: number): string {
  return step === 1 ? '*' : `${value % step}/${step}`;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
