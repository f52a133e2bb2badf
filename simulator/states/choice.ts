import { ChoiceState } from '../definition';
import { StateError } from '../errors';
import { Departure, Visit } from '../visit';

export async function runChoice(visit: Visit<ChoiceState>): Promise<Departure> {
  const { Choices: rules, Default: otherwise, Assign, Output } = visit.state;
  for (const [index, rule] of rules.entries()) {
    if (await visit.evaluateAs('boolean', `Choices[${index}]/Condition`, rule.Condition)) return visit.exit(rule, visit.input);
  }
  if (otherwise === undefined) throw new StateError('States.NoChoiceMatched', visit.causeOf('No choice rule matched, and there is no Default.'));
  return visit.exit({ Assign, Output, Next: otherwise }, visit.input);
}
