/** A plan as a tree for readers. */
import { ChainMember, DEFAULT_SCHEDULE, PlanDocument, PlanRecord, UnitRecord } from '../src/contract/plan';

interface Line {
  readonly text: string;
  readonly below: readonly Line[];
}

export function planText({ pipeline, schedule, plan }: PlanDocument): string {
  const [units, latches] = [unitsOf(plan).length, latchesOf(plan)];
  return drawn({ text: `${pipeline}${schedule === DEFAULT_SCHEDULE ? '' : `, schedule ${schedule}`}: ${counted(units, 'unit')}, ${counted(latches, 'latch')}`, below: [lineOf(plan)] }).join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('h') ? 'es' : 's'}`;
}

function drawn({ text, below }: Line): string[] {
  return [text, ...below.flatMap((each, index) => {
    const last = index === below.length - 1;
    return drawn(each).map((line, position) => (position === 0 ? (last ? '└─ ' : '├─ ') : (last ? '   ' : '│  ')) + line);
  })];
}

function lineOf(plan: PlanRecord): Line {
  switch (plan.kind) {
    case 'unit': return { text: unitText(plan), below: [] };
    case 'series': return { text: 'one after the other', below: plan.children.map(lineOf) };
    case 'parallel': return { text: 'side by side', below: plan.children.map(lineOf) };
    case 'prime': return { text: 'chains side by side, with latches', below: plan.chains.map(chainLine) };
  }
}

function chainLine(chain: readonly ChainMember[], index: number): Line {
  return { text: `chain ${index + 1}`, below: chain.map(memberLine) };
}

function memberLine({ plan, awaits = [], opens }: ChainMember): Line {
  const { text, below } = lineOf(plan);
  const waits = awaits.length ? `after ${awaits.map((latch) => `latch ${latch}`).join(' and ')}: ` : '';
  return { text: waits + text + (opens === undefined ? '' : `, opens latch ${opens}`), below };
}

function unitText({ id, runsOn, elsewhere, preconditions = [] }: UnitRecord): string {
  return id + (elsewhere === undefined ? '' : ` in the runs of schedule ${elsewhere}`) + (runsOn === undefined ? '' : ` on ${runsOn}`) + (preconditions.length ? `, if ${preconditions.join(' and ')}` : '');
}

export function unitsOf(plan: PlanRecord): UnitRecord[] {
  switch (plan.kind) {
    case 'unit': return [plan];
    case 'prime': return plan.chains.flat().flatMap((member) => unitsOf(member.plan));
    default: return plan.children.flatMap(unitsOf);
  }
}

function latchesOf(plan: PlanRecord): number {
  switch (plan.kind) {
    case 'unit': return 0;
    case 'prime': return sum(plan.chains.flat().map((member) => latchesOf(member.plan) + (member.awaits?.length ?? 0)));
    default: return sum(plan.children.map(latchesOf));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
