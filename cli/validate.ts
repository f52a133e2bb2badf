import { Command } from 'commander';
import { readInputs, readValues } from './migrate/inputs';
import { parameterOption } from './parameter-option';
import type { ParameterValues } from '../src/contract/parameters';
import { describe, errorsOf } from '../src/definition/problem';
import { validate } from '../src/definition/validate';

interface Options {
  readonly parameters?: string;
  readonly parameter: ParameterValues;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('tells the errors and warnings of a definition of AWS Data Pipeline')
    .argument('<definition...>', 'files in JSON or YAML, or folders')
    .option('--parameters <values.json>', 'a file of parameters\' values')
    .addOption(parameterOption())
    .action((paths: string[], options: Options) => {
      const { lines, errors } = validated(paths, options);
      console.log(lines.join('\n'));
      process.exitCode = errors > 0 ? 1 : 0;
    });
}

/** A line for each problem, and one for each definition. */
export function validated(paths: readonly string[], { parameters, parameter }: Options): { lines: string[]; errors: number } {
  const parameterValues = { ...parameters === undefined ? {} : readValues(parameters), ...parameter };
  const all = readInputs(paths).inputs.map(({ file, name, definition, problems }) => {
    const found = problems.length > 0 ? problems : validate(definition, { parameterValues });
    const errors = errorsOf(found).length;
    const count = `${file}: ${name}: ${counted(errors, 'error')}, ${counted(found.length - errors, 'warning')}`;
    return { lines: [...found.map((problem) => `${file}:${describe(problem)}`), count], errors };
  });
  return { lines: all.flatMap(({ lines }) => lines), errors: all.reduce((sum, { errors }) => sum + errors, 0) };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
