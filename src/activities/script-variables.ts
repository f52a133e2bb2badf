import type { Activity } from './activity';
import type { ScriptProps } from './script-props';
import { composed, Standing, StepArgument } from '../compiler/step-argument';
import { checkText } from '../compiler/text';
import { invalid } from '../errors';

/** Throws unless each variable has a name, and none of `taken`. */
export function scriptDefinitions(activity: Activity, { scriptVariable = [] }: ScriptProps, taken: RegExp): StepArgument[] {
  return scriptVariable.map((variable) => {
    const [, name] = /^([A-Za-z_]\w*)=/.exec(variable) ?? [];
    if (name === undefined) throw invalid(activity, 'scriptVariable', `is "<name>=<value>", the name of letters, digits and "_"; got: "${variable}"`);
    if (taken.test(name)) throw invalid(activity, 'scriptVariable', `names a table of the activity's own; got: "${variable}"; give another name`);
    checkText(activity, 'scriptVariable', variable);
    return composed(activity, 'scriptVariable', variable, Standing.PLAIN);
  });
}
