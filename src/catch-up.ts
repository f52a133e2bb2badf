import { DefinitionError } from './errors';

/**
 * What becomes of intervals that a schedule has missed: because the pipeline was not active, was deployed after the schedule's start, or
 * because a tick was lost. They run when the next tick finds them.
 */
export class CatchUp {
  /** They do not run; a backfill can run them. */
  public static none(): CatchUp {
    return new CatchUp(0);
  }

  /**
   * The last of them run.
   *
   * @param count how many: 1 to 10,000
   * @throws DefinitionError if it is no such number
   */
  public static last(count: number): CatchUp {
    if (!Number.isInteger(count) || count < 1 || count > 10_000) {
      throw new DefinitionError('CatchUp.last', 'count', `got ${count}: give a whole number from 1 to 10,000, or use CatchUp.none() or CatchUp.all()`);
    }
    return new CatchUp(count);
  }

  /** All of them run, from the schedule's `startDateTime` on; of a cron schedule without one, from its first tick on. */
  public static all(): CatchUp {
    return new CatchUp('all');
  }

  /** @internal */
  public readonly _count: number | 'all';

  private constructor(count: number | 'all') {
    this._count = count;
  }
}
