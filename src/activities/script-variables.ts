import type { Activity } from './activity';
import type { ScriptProps } from './script-props';
import { composed, Standing, StepArgument } from '../compiler/step-argument';
import { checkText } from '../compiler/text';
import { invalid } from '../errors';

export interface ScriptVariable {
  readonly name: string;
  readonly value: string;
}

/** Throws unless each variable has a name, and none of `taken`. */
export function variablesOf(activity: Activity, { scriptVariable = [] }: ScriptProps, taken: RegExp): ScriptVariable[] {
  return scriptVariable.map((variable) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(variable) ?? [];
    if (name === undefined) throw invalid(activity, 'scriptVariable', `is "<name>=<value>", the name of letters, digits and "_"; got: "${variable}"`);
    if (taken.test(name)) throw invalid(activity, 'scriptVariable', `names a table of the activity's own; got: "${variable}"; give another name`);
    checkText(activity, 'scriptVariable', variable);
    return { name, value };
  });
}

/** As Hive's command takes them. */
export function scriptDefinitions(activity: Activity, props: ScriptProps, taken: RegExp): StepArgument[] {
  return variablesOf(activity, props, taken).map(({ name, value }) => composed(activity, 'scriptVariable', `${name}=${value}`, Standing.PLAIN));
}
