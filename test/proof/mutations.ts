import { Json } from '../../simulator/task';
import { Definition } from '../compiler/machines';

type State = Readonly<Record<string, Json>>;
type Fields = { readonly [name: string]: Json };

/** A deliberate mistake: what a machine would be if the compiler made it. */
export interface Mutation {
  readonly name: string;
  readonly alter: (machine: Definition) => Definition;
  /** Which property of the proof must notice it: of runs, of crossing branches, of lost clusters, of lateness, of the Starter. */
  readonly noticedBy: 'runs' | 'crossings' | 'losses' | 'lateness' | 'starting';
}

/** By what happens to each state. */
function states(name: string, change: (name: string, state: State) => State): Mutation {
  return { name, alter: (machine) => everywhere(machine, change), noticedBy: 'runs' };
}

function everywhere(machine: Definition, change: (name: string, state: State) => State): Definition {
  const changed = ([name, state]: [string, State]): [string, State] => {
    const branches = state.Branches as unknown as Definition[] | undefined;
    const inner = branches ? { ...state, Branches: branches.map((branch) => everywhere(branch, change)) as unknown as Json } : state;
    return [name, change(name, inner)];
  };
  return pruned({ ...machine, States: Object.fromEntries(Object.entries(machine.States).map(changed)) });
}

/** Without the states that nothing leads to any more: Step Functions refuses them. */
function pruned(machine: Definition): Definition {
  const reached = new Set([(machine as unknown as { StartAt: string }).StartAt]);
  for (const name of reached) {
    const { Branches: _, ItemProcessor: __, ...own } = machine.States[name];
    for (const [, next] of JSON.stringify(own).matchAll(/"(?:Next|Default)":("(?:[^"\\]|\\.)*")/g)) reached.add(JSON.parse(next) as string);
  }
  return { ...machine, States: Object.fromEntries(Object.entries(machine.States).filter(([name]) => reached.has(name))) };
}

/** The states of a name do nothing any more but go on. */
function skipped(name: string, pattern: RegExp): Mutation {
  const pass = ({ Next, End, Output }: State): State => ({ Type: 'Pass', ...Next ? { Next } : { End }, ...End && Output ? { Output } : {} });
  return states(name, (id, state) => pattern.test(id) ? pass(state) : state);
}

/** Text of the states of a name is another. */
function reworded(name: string, pattern: RegExp, from: string, to: string): Mutation {
  return states(name, (id, state) => pattern.test(id) ? JSON.parse(JSON.stringify(state).replaceAll(quoted(from), quoted(to))) as State : state);
}

/** Parts of all states are others. */
function rewritten(name: string, pattern: RegExp, part: (...match: string[]) => string): Mutation {
  return states(name, (_, state) => {
    const { Branches, ...own } = state;
    return { ...JSON.parse(JSON.stringify(own).replace(pattern, part)) as State, ...Branches ? { Branches } : {} };
  });
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The states of a name lack fields. */
function without(name: string, pattern: RegExp, ...fields: string[]): Mutation {
  const rest = (state: State) => Object.fromEntries(Object.entries(state).filter(([field]) => !fields.includes(field)));
  return states(name, (id, state) => pattern.test(id) ? rest(state) : state);
}

/** A Choice lacks the rules that assign a status. */
function withoutRule(name: string, status: string): Mutation {
  const kept = (state: State) => (state.Choices as Fields[]).filter(({ Assign }) => !JSON.stringify(Assign ?? {}).includes(status));
  const always = [{ Condition: '{% false %}', Next: 'Default' }];
  return states(name, (id, state) => {
    if (!id.endsWith(': ready?')) return state;
    const rules = kept(state);
    return { ...state, Choices: (rules.length ? rules : always.map((rule) => ({ ...rule, Next: state.Default }))) as Json };
  });
}

/** One mistake in several places; the first names it. */
function together(first: Mutation, ...others: readonly Mutation[]): Mutation {
  return { ...first, alter: (machine) => others.reduce((altered, { alter }) => alter(altered), first.alter(machine)) };
}

function by(noticedBy: Mutation['noticedBy'], ...mutations: Mutation[]): Mutation[] {
  return mutations.map((mutation) => ({ ...mutation, noticedBy }));
}

const WORK = /^A\d+$/;
const CHECK = /^[AD]\d+C\d?$/;
const AWAIT = /^Run: await [\d.]+$/;

/** Each is one mistake that a renderer could make. */
export const MUTATIONS: readonly Mutation[] = [
  skipped('a cluster is not ended', /: release$/),
  skipped('a result is not written', /: settle$/),
  skipped('an alarm is not sent', /: onFail 1$/),
  skipped('nobody is woken', /: wake( [\d.]+)?$/),
  skipped('nothing is signalled', /^Run: signal [\d.]+$/),
  skipped('the delay before an attempt is left out', /: retry delay$/),
  rewritten('two latches are swapped', /"awaits":\[(1|2)\]/g, (_, latch) => `"awaits":[${3 - Number(latch)}]`),
  states('a latch lets through whoever asks', (id, state) => AWAIT.test(id) ? { Type: 'Pass', Assign: passed(state), Next: state.Next } : state),
  states('whoever comes late waits to be woken', (id, state) => {
    const { ConditionExpression: _, ...rest } = state.Arguments as Fields ?? {};
    return AWAIT.test(id) ? { ...state, Arguments: rest } : state;
  }),
  without('an activity loses its Catch', WORK, 'Catch'),
  without('an activity loses its Retry', WORK, 'Retry'),
  without('an activity loses its heartbeat', WORK, 'HeartbeatSeconds'),
  without('an activity loses its timeout', WORK, 'TimeoutSeconds'),
  without('a precondition is asked once', CHECK, 'Retry'),
  states('a precondition that has failed lets its activity run', (id, state) => CHECK.test(id)
    ? { ...state, Catch: (state.Catch as Fields[]).map((each) => ({ ...each, Next: state.Next })) as Json }
    : state),
  states('the results of branches are lost', (id, state) => /^Run: parallel/.test(id)
    ? { ...state, Assign: Object.fromEntries(Object.keys(state.Assign as Fields).map((name) => [name, {}])) }
    : state),
  withoutRule('a failure does not cascade', 'CASCADE_FAILED'),
  withoutRule('nothing is held back', 'WAITING_ON_DEPENDENCIES'),
  reworded('what an earlier execution finished is run again', /: ready\?$/, '$lookup($kept,', '$lookup({},'),
  reworded('one attempt too few', /: retry\?$/, '<=', '<'),
  reworded('attempts count from 0', WORK, '($states.context.State.RetryCount + 1)', '$states.context.State.RetryCount'),
  reworded('a timeout is a failure', WORK, '"TIMEDOUT"', '"FAILED"'),
  reworded('a run in which something failed has finished', /^Run: result$/, '"FAILED" : "FINISHED"', '"FINISHED" : "FINISHED"'),
  ...by('crossings', rewritten('a chain forgets what it knew', /\$merge\(\[\$w_\d+_\d+, /g, () => '$merge([')),
  skipped('an instance that is never known is not ended', /Host: abandon$|^H\d+: abandon$/),
  states('a failure does not cascade from a resource', (id, state) => id.endsWith(': ready?')
    ? { ...state, Choices: JSON.parse(JSON.stringify(state.Choices).replaceAll('.status = \\"CANCELED\\"', '.status = \\"NEVER\\"')) as Json }
    : state),
  ...by('losses',
    states('a cluster that has died is taken for one that lives', (id, state) => id.endsWith(': alive?')
      ? { ...state, Choices: [{ ...(state.Choices as Fields[])[0], Condition: '{% true %}' }] }
      : state),
  ),
  ...by('lateness',
    states('who is late goes on', (id, state) => id.endsWith(': until late') ? { ...state, Branches: (state.Branches as Json[]).slice(0, 1) } : state),
    reworded('who is ended when late has failed', /: until late$/, '"CANCELED"', '"FAILED"'),
    withoutRule('who is late already begins', 'CANCELED'),
  ),
  ...by('starting',
    reworded('the queue is written whatever has become of it', /^Remember$/, '"version = :version"', '"version >= :version"'),
    states('who finds another queue does not decide anew', (id, state) => id === 'Remember'
      ? { ...state, Catch: (state.Catch as Fields[]).map((each) => ({ ...each, Next: state.Next })) as Json }
      : state),
    // Whether it has said so itself, or has been found out.
    together(
      reworded('a run that has ended keeps its place', /^Read queue$/, 'Item.ended', 'Item.gone'),
      reworded('', /^Start runs$/, '{"ended": $states.input.run}', '{"dispatch": true}'),
    ),
    reworded('who ends does not know that others wait', /^Remember$/, '$states.context.StateMachine.Id : ""', '"" : ""'),
  ),
];

/** What is assigned behind a latch, as if what it waits for had not been. */
function passed(state: State): Json {
  return JSON.parse(JSON.stringify(state.Assign).replaceAll('$states.result', '{}')) as Json;
}
