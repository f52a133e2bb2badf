import { InvalidArgumentError, Option } from 'commander';
import type { ParameterValues } from '../src/contract/parameters';

/** `--parameter name=value`, given again for another parameter or another value of an array. */
export function parameterOption(): Option {
  return new Option('--parameter <name=value...>', 'values of parameters; of an array parameter one after the other').default({}).argParser((text: string, before: ParameterValues) => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) throw new InvalidArgumentError('it must be name=value.');
    return { ...before, [name]: name in before ? [before[name], value].flat() : value };
  });
}
