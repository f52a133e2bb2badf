import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What Linux says of a process that lives. */
export interface ProcessFacts {
  /** When it started, in ticks since the host did: with its id, it is no other's until the host starts again. */
  readonly start: string;
  readonly group: number;
}

/** Of this start of the host; where there is no /proc, always the same. */
export function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'unknown';
}

/** Nothing of a process that is gone, or has ended and is only remembered. */
export function factsOf(pid: number): ProcessFacts | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, whatever characters that has.
  const [state, , group, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined || /[ZXx]/.test(state) ? undefined : { start: rest[16], group: Number(group) };
}

/** Those whose facts and environment, its variables each after a null character, are so; it is what they were started with. */
export function processesWhere(matches: (facts: ProcessFacts, environment: () => string) => boolean): number[] {
  const pids = (existsSync('/proc') ? readdirSync('/proc') : []).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => {
    const facts = factsOf(pid);
    return facts !== undefined && matches(facts, () => `\0${textOf(`/proc/${pid}/environ`) ?? ''}`);
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
