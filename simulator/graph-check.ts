import { exitsOf, isDistributed, nestedScopes, State, StateScope } from './definition';

/** Checks what only all the states together can tell. */
export class GraphCheck {
  private readonly names = new Set<string>();

  constructor(private readonly problems: string[]) {}

  public scope(where: string, scope: StateScope, outerVariables: ReadonlySet<string>): void {
    const states = Object.entries(scope.States);
    if (!(scope.StartAt in scope.States)) this.problems.push(`${where}: field 'StartAt' names '${scope.StartAt}', which is not a state of it`);
    for (const [name, state] of states) this.transitions(name, state, scope);
    this.reachability(scope);
    const variables = this.variables(states, outerVariables);
    for (const [name, state] of states) {
      const visible = state.Type === 'Map' && isDistributed(state) ? new Set<string>() : variables;
      nestedScopes(state).forEach((nested, index) => this.scope(`state '${name}': ${nestedName(state, index)}`, nested, visible));
    }
  }

  private transitions(name: string, state: State, scope: StateScope): void {
    if (this.names.has(name)) this.problems.push(`state '${name}': its name is used elsewhere in the definition; rename one of them`);
    this.names.add(name);
    for (const target of targetsOf(state)) {
      if (!(target in scope.States)) this.problems.push(`state '${name}': leads to '${target}', which is not a state of the same scope`);
    }
  }

  private reachability(scope: StateScope): void {
    const reached = new Set<string>();
    const queue = [scope.StartAt];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (reached.has(name) || !(name in scope.States)) continue;
      reached.add(name);
      queue.push(...targetsOf(scope.States[name]));
    }
    for (const name of Object.keys(scope.States)) {
      if (!reached.has(name)) this.problems.push(`state '${name}': no path from StartAt '${scope.StartAt}' leads to it`);
    }
  }

  /** All variables that are visible in the scope. */
  private variables(states: readonly [string, State][], outer: ReadonlySet<string>): Set<string> {
    const visible = new Set(outer);
    for (const [name, state] of states) {
      for (const variable of exitsOf(state).flatMap(exit => Object.keys(exit.Assign ?? {}))) {
        if (outer.has(variable)) this.problems.push(`state '${name}': field 'Assign' assigns '${variable}', a variable of an outer scope; return it through Output`);
        if (!/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(variable) || variable === 'states') {
          this.problems.push(`state '${name}': field 'Assign' has the variable name '${variable}'; ` +
            'a name is a letter or _, then letters, digits and _, 80 characters at most, and not \'states\'');
        }
        visible.add(variable);
      }
    }
    return visible;
  }
}

function targetsOf(state: State): string[] {
  return exitsOf(state).flatMap(exit => exit.Next ?? []);
}

function nestedName(state: State, index: number): string {
  return state.Type === 'Map' ? 'ItemProcessor' : `Branches[${index}]`;
}
