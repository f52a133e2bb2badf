/**
 * Walks a state machine through every answer that its tasks may get, errors included, and collects the calls that it makes:
 * each task's arguments as the service would receive them, whatever JSONata they are made of.
 *
 * Conditions decide as they would in a run, so that no call is seen that no run can make; a task that no walk reaches is an
 * error. A walk is cut where a state has been entered often enough, each time with other variables.
 */
import { ANSWERS, TASK_SUCCESS, TASK_TOKEN, tokenAnswers, World } from './answers';
import { ACCOUNT, REGION, StateMachine } from './template';
import { VirtualClock } from '../../simulator/clock';
import { isObject, JsonObject } from '../../simulator/json';
import { EvaluationError, Evaluator } from '../../simulator/jsonata';
import { Json } from '../../simulator/task';

/** A call that a task makes. */
export interface Call {
  readonly machine: string;
  readonly state: string;
  /** `aws-sdk:dynamodb:updateItem`, or the ARN of an activity. */
  readonly integration: string;
  readonly arguments: Json;
  /** ARN of the role that makes it, if not the machine's. */
  readonly as?: string;
}

/** How many inputs an execution is started with, and how often a state is entered: as soon as each task of its scope has been reached, and while one has not. */
const ENOUGH = 5;
const MOST = 500;
/** A wait is over soon, or when every timeout has passed. */
const WAITS = [60_000, 400 * 24 * 3_600_000];

/** @param hour such as `2026-12-01T05`, UTC */
export function worldOf(hour: string, letter: string): World {
  const start = `${hour}:00:00Z`;
  return {
    run: start.replace(/:/g, '-'),
    scheduledStartTime: start,
    scheduledEndTime: new Date(Date.parse(start) + 3_600_000).toISOString(),
    id: `i-${letter.repeat(17)}`,
    uuid: [8, 4, 4, 4, 12].map((length) => letter.repeat(length)).join('-'),
    parameter: letter.repeat(5),
    starter: '',
    clusterNames: new Set(),
    stepNames: new Set(),
    children: new Map(),
  };
}

/** Machines in the order in which they find what the others have launched. */
export async function rehearse(machines: readonly StateMachine[], world: World): Promise<Call[]> {
  const calls: Call[] = [];
  const launchesFirst = [...machines].sort((a, b) => launches(b) - launches(a));
  for (const machine of launchesFirst) calls.push(...await new Rehearsal(machine, { ...world, starter: starterOf(machine, machines) }).calls());
  return calls;
}

/** How many kinds of things it launches. */
function launches({ definition }: StateMachine): number {
  return [':createCluster', ':startExecution.sync'].filter((name) => JSON.stringify(definition).includes(name)).length;
}

function starterOf({ id }: StateMachine, machines: readonly StateMachine[]): string {
  // The machines of a schedule other than the pipeline's own have its name before theirs.
  const [, runs = ''] = /^(.*?Run(?:Schedule[a-z]+)?)(?:[A-Z][a-z]+)?StateMachine[0-9A-F]{8}$/.exec(id) ?? [];
  return machines.find((other) => other.id.startsWith(`${runs}StarterStateMachine`))?.arn ?? '';
}

interface Moment {
  readonly state: string;
  readonly time: number;
  readonly variables: JsonObject;
  readonly input: Json;
}

class Rehearsal {
  private readonly evaluators = new Map<number, Evaluator>();
  private readonly made = new Map<string, Call>();
  private readonly reached = new Set<string>();
  /** What executions may be started with that go another way. */
  private asked: JsonObject = {};

  /** States are named after their objects. */
  private readonly objects: ReadonlySet<string>;

  constructor(private readonly machine: StateMachine, private readonly world: World) {
    this.objects = new Set(tasksIn(machine.definition).map((name) => name.split(': ')[0]));
  }

  async calls(): Promise<Call[]> {
    const { scheduledStartTime, scheduledEndTime, run } = this.world;
    const input = {
      scheduledStartTime, scheduledEndTime, scheduledTime: scheduledEndTime, run, status: 'ABORTED', parameters: this.parameters(), kept: {}, due: scheduledEndTime, replyTo: {},
    };
    const inputs = [...new Set(this.told)].slice(0, ENOUGH).map((each) => JSON.parse(each) as JsonObject);
    const asks = JSON.stringify(this.machine.definition).includes('.Execution.Input.rerun');
    for (this.asked of asks ? [{}, { rerun: { run } }] : [{}]) {
      for (const each of inputs.length > 0 ? inputs : [input]) {
        await this.scope(this.machine.definition, { time: Date.parse(scheduledEndTime), variables: {}, input: each });
      }
    }
    const missed = tasksIn(this.machine.definition).filter((name) => !this.reached.has(name));
    if (missed.length > 0) {
      throw new Error(`${this.machine.id}: no rehearsal reaches ${missed.join(', ')}: give answers.ts the answers that lead there, or MOST more room`);
    }
    // Branches are walked at once, and which comes first depends on what is evaluated how.
    return [...this.made.values()].sort((a, b) => a.state < b.state ? -1 : Number(a.state > b.state));
  }

  /** What others start its executions with. */
  private get told(): string[] {
    const prefix = `${this.machine.arn.replace(':stateMachine:', ':execution:')}:`;
    return [...this.world.children].filter(([arn]) => arn.startsWith(prefix)).flatMap(([, inputs]) => inputs.map((each) => JSON.stringify(each)));
  }

  /** A value for each parameter that the machine asks for. */
  private parameters(): JsonObject {
    const asked = JSON.stringify(this.machine.definition).matchAll(/\$lookup\(\$parameters, [\\"']+(\w+)/g);
    return Object.fromEntries([...asked].map(([, name]) => [name, this.world.parameter]));
  }

  /** All ways through the states of a machine or a branch; what they put out. */
  private async scope(definition: JsonObject, begin: Omit<Moment, 'state'>): Promise<Ends> {
    const states = definition.States as Record<string, JsonObject>;
    const ends: Ends = { outputs: [], failures: [] };
    const open = new OpenMoments();
    const tasks = tasksIn(definition);
    const next = () => open.next(tasks.every((name) => this.reached.has(name)) ? ENOUGH : MOST);
    open.add({ ...begin, state: String(definition.StartAt) });
    for (let moment = next(); moment; moment = next()) {
      const state = states[moment.state];
      if (state.Type === 'Fail') ends.failures.push(await this.failure(moment, state));
      for (const { next: name, ...after } of await this.step(moment, state)) {
        if (name === undefined) ends.outputs.push(after.input);
        else open.add({ state: name, ...after });
      }
    }
    return ends;
  }

  private async failure(moment: Moment, { Error = '', Cause = '' }: JsonObject): Promise<JsonObject> {
    return { Error: await this.evaluate(moment, Error, {}, 'Error'), Cause: await this.evaluate(moment, Cause, {}, 'Cause') };
  }

  private async step(moment: Moment, state: JsonObject): Promise<Ending[]> {
    this.reached.add(moment.state);
    switch (state.Type) {
      case 'Task': return this.task(moment, state);
      case 'Parallel': return this.parallel(moment, state);
      case 'Map': return this.map(moment, state);
      case 'Choice': return [await this.choice(moment, state)];
      case 'Wait': return Promise.all(WAITS.map(async (wait) => this.end({ ...moment, time: moment.time + wait }, state, {}, state.Next)));
      case 'Pass': case 'Succeed': return [await this.end(moment, state, {}, state.Next)];
      case 'Fail': return [];
      default: throw new Error(`${this.machine.id}: ${moment.state}: a rehearsal knows no state of type ${JSON.stringify(state.Type)}`);
    }
  }

  private async task(moment: Moment, state: JsonObject): Promise<Ending[]> {
    const call = await this.call(moment, state);
    const answers = call.integration.startsWith('arn:') ? [TASK_SUCCESS] : this.answers(call);
    const successes = answers.map(async (result) => this.success(moment, state, result));
    const failures = (state.Catch as JsonObject[] ?? []).map(async (catcher) => {
      const [Error] = catcher.ErrorEquals as string[];
      const errorOutput = { Error: Error === 'States.ALL' ? 'States.Timeout' : Error, Cause: 'rehearsed' };
      return this.end(moment, catcher, { errorOutput }, catcher.Next);
    });
    return (await Promise.all([...successes, ...failures])).flat();
  }

  /** Nothing of an answer that the state says it may not understand: its catchers are walked anyway. */
  private async success(moment: Moment, state: JsonObject, result: JsonObject): Promise<Ending[]> {
    try {
      return [await this.end(moment, state, { result }, state.Next)];
    } catch (error) {
      const foreseen = (state.Catch as JsonObject[] ?? []).some(({ ErrorEquals }) => (ErrorEquals as Json[]).includes('States.QueryEvaluationError'));
      if (error instanceof EvaluationError && foreseen) return [];
      throw error;
    }
  }

  private answers({ integration, arguments: given }: Call): readonly JsonObject[] {
    if (integration.endsWith('.waitForTaskToken')) return tokenAnswers(this.world, [...this.objects]);
    const answers = ANSWERS[integration];
    if (!answers) throw new Error(`${this.machine.id}: a rehearsal knows no answer of ${integration}; add it to test/checks/answers.ts`);
    return answers(this.world, isObject(given) ? given : {}) as JsonObject[];
  }

  private async call(moment: Moment, state: JsonObject): Promise<Call> {
    const integration = String(state.Resource).replace(/^arn:[^:]+:states:::/, '');
    const evaluated = await this.evaluate(moment, state.Arguments ?? {}, {}, 'Arguments');
    const as = isObject(state.Credentials) ? { as: String(state.Credentials.RoleArn) } : {};
    const call = { machine: this.machine.id, state: moment.state, integration, arguments: evaluated, ...as };
    this.made.set(JSON.stringify(call), call);
    if (integration.startsWith('elasticmapreduce:createCluster')) this.world.clusterNames.add(String((evaluated as JsonObject).Name));
    if (integration.startsWith('elasticmapreduce:addStep')) this.world.stepNames.add(String(((evaluated as JsonObject).Step as JsonObject).Name));
    if (integration.startsWith('states:startExecution.sync')) this.child(evaluated as unknown as ChildCall);
    return call;
  }

  private child({ StateMachineArn, Name, Input }: ChildCall): void {
    const arn = `${StateMachineArn.replace(':stateMachine:', ':execution:')}:${Name}`;
    this.world.children.set(arn, [...this.world.children.get(arn) ?? [], Input]);
  }

  /** The branches do not see each other, and outside of them only their outputs are seen. */
  private async parallel(moment: Moment, state: JsonObject): Promise<Ending[]> {
    const branches = await Promise.all((state.Branches as JsonObject[]).map(async (branch) => this.scope(branch, { ...moment, input: {} })));
    const outputs = branches.every((branch) => branch.outputs.length > 0)
      ? [branches.map((branch) => branch.outputs[0]), branches.map((branch) => branch.outputs[branch.outputs.length - 1]), branches.map(best)] : [];
    const caught = (state.Catch as JsonObject[] ?? []).flatMap((catcher) => branches.flatMap(({ failures }) => failures)
      .filter((errorOutput) => (catcher.ErrorEquals as Json[]).includes(errorOutput.Error))
      .map(async (errorOutput) => this.end(moment, catcher, { errorOutput }, catcher.Next)));
    return Promise.all([...outputs.map(async (result) => this.end(moment, state, { result }, state.Next)), ...caught]);
  }

  /** No result of an iteration is read. */
  private async map(moment: Moment, state: JsonObject): Promise<Ending[]> {
    const items = await this.evaluate(moment, state.Items, {}, 'Items') as Json[];
    for (const item of items) await this.scope(state.ItemProcessor as JsonObject, { ...moment, input: item });
    return [await this.end(moment, state, { result: [] }, state.Next)];
  }

  private async choice(moment: Moment, state: JsonObject): Promise<Ending> {
    for (const rule of state.Choices as JsonObject[]) {
      if (await this.evaluate(moment, rule.Condition, {}, 'Condition') === true) return this.end(moment, rule, {}, rule.Next);
    }
    return this.end(moment, state, {}, state.Default);
  }

  /** What a state, a catcher or a rule leaves behind. */
  private async end(moment: Moment, { Assign, Output }: JsonObject, states: JsonObject, next: Json | undefined): Promise<Ending> {
    const assigned = await this.evaluate(moment, Assign ?? {}, states, 'Assign') as JsonObject;
    const output = Output === undefined ? states.result ?? states.errorOutput ?? moment.input : await this.evaluate(moment, Output, states, 'Output');
    return { next: next === undefined ? undefined : String(next), time: moment.time, variables: { ...moment.variables, ...assigned }, input: output };
  }

  private async evaluate(moment: Moment, template: Json, states: JsonObject, field: string): Promise<Json> {
    const { run, scheduledEndTime } = this.world;
    const evaluator = this.evaluators.get(moment.time) ?? new Evaluator(new VirtualClock(moment.time), () => 0.5);
    this.evaluators.set(moment.time, evaluator);
    const context = {
      Execution: { Id: `arn:aws:states:${REGION}:${ACCOUNT}:execution:${this.machine.id}:${run}`, Name: run, Input: this.asked, StartTime: scheduledEndTime, RedriveCount: 0 },
      State: { Name: moment.state, EnteredTime: new Date(moment.time).toISOString(), RetryCount: 0 },
      StateMachine: { Id: this.machine.arn, Name: this.machine.id },
      Task: { Token: TASK_TOKEN },
    };
    const bindings = { variables: moment.variables, states: { input: moment.input, context, ...states } };
    return evaluator.evaluate(template, bindings, `${this.machine.id}/${moment.state}/${field}`);
  }
}

/** Moments to go on from, each once: in the least visited states, mostly the newest, for depth, and at times the oldest, for breadth. */
class OpenMoments {
  private readonly moments: Moment[] = [];
  private readonly seen = new Map<string, Set<string>>();
  private readonly visits = new Map<string, number>();
  private turn = 0;

  add(moment: Moment): void {
    const seen = this.seen.get(moment.state) ?? new Set();
    const key = blurred(moment);
    if (seen.has(key)) return;
    this.seen.set(moment.state, seen.add(key));
    this.moments.push(moment);
  }

  next(limit: number): Moment | undefined {
    const least = Math.min(...this.moments.map(({ state }) => this.count(state)));
    const candidates = [...this.moments.keys()].filter((index) => this.count(this.moments[index].state) === least);
    const [moment] = this.moments.splice(candidates.at(this.turn++ % 3 ? -1 : 0) ?? 0, 1);
    if (!moment || this.count(moment.state) >= limit) return undefined;
    this.visits.set(moment.state, this.count(moment.state) + 1);
    return moment;
  }

  private count(state: string): number {
    return this.visits.get(state) ?? 0;
  }
}

/** A moment without its minutes: what happens soon or later is the same; what happens when all timeouts have passed is not. */
function blurred({ time, variables, input }: Moment): string {
  const values = Object.entries(variables).map(([name, value]) => `${name} ${blurredValue(value)}`);
  return [era(time), blurredValue(input), ...values].join(', ');
}

const era = (at: number): number => Math.round(at / WAITS[1]);

/** Moments have most of their values in common: a list or an object is read once, and the same for all that says the same. */
function blurredValue(value: Json): string {
  if (!isObject(value) && !Array.isArray(value)) return blurredText(value);
  const known = NUMBERS.get(value);
  if (known !== undefined) return known;
  const text = blurredText(value);
  const number = TEXTS.get(text) ?? `#${TEXTS.size}`;
  TEXTS.set(text, number);
  NUMBERS.set(value, number);
  return number;
}

function blurredText(value: Json): string {
  return JSON.stringify(value).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => String(era(Date.parse(at))));
}

const NUMBERS = new WeakMap<object, string>();
const TEXTS = new Map<string, string>();

/** What comes after a branch may want all of it to have finished. */
function best({ outputs }: Ends): Json {
  const finished = (output: Json) => JSON.stringify(output).split('"FINISHED"').length;
  return outputs.reduce((most, output) => finished(output) > finished(most) ? output : most);
}

/** How a machine or a branch may end. */
interface Ends {
  readonly outputs: Json[];
  readonly failures: JsonObject[];
}

interface ChildCall {
  readonly StateMachineArn: string;
  readonly Name: string;
  readonly Input: JsonObject;
}

interface Ending extends Omit<Moment, 'state'> {
  readonly next?: string;
}

function tasksIn(definition: JsonObject): string[] {
  return Object.entries(definition.States as Record<string, JsonObject>).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? [name] : []),
    ...[...state.Branches as JsonObject[] ?? [], ...state.ItemProcessor ? [state.ItemProcessor as JsonObject] : []].flatMap(tasksIn),
  ]);
}
