/** Machines hand over to each other, and no time passes: on AWS they would go on for ever, and be paid for. */
export class StandstillError extends Error {
  constructor(now: number, transitions: number, busiest: readonly string[]) {
    super(`${transitions} transitions at ${new Date(now).toISOString()}, and no time passes; most often ${busiest.join(', ')}`);
    this.name = 'StandstillError';
  }
}

/** More than machines do at one moment: 1,000 activities that settle at once make some 10,000. */
const MOST = 50_000;
const NAMED = 5;

/** Counts transitions at one moment of virtual time, and refuses those that lead nowhere. */
export class Standstill {
  private moment = NaN;
  private transitions = 0;
  private readonly states = new Map<string, number>();

  constructor(private readonly most = MOST) {}

  /** Throws StandstillError. */
  public count(now: number, state: string): void {
    if (now !== this.moment) this.begin(now);
    this.transitions++;
    if (this.transitions * 2 > this.most) this.states.set(state, (this.states.get(state) ?? 0) + 1);
    if (this.transitions > this.most) throw new StandstillError(now, this.transitions, this.busiest());
  }

  private begin(now: number): void {
    this.moment = now;
    this.transitions = 0;
    this.states.clear();
  }

  private busiest(): string[] {
    return [...this.states].sort(([, a], [, b]) => b - a).slice(0, NAMED).map(([state]) => `'${state}'`);
  }
}
