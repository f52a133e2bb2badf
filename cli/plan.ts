import { Command } from 'commander';
import { plansOf } from './assembly';
import { planText } from './plan-text';

export interface AssemblyOptions {
  readonly stack?: string;
  readonly pipeline?: string;
  readonly json?: boolean;
}

/** A command on a pipeline that has been synthesized; its action has the folder and AssemblyOptions. */
export function assemblyCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<cdk.out>', 'a folder that `cdk synth` has written')
    .option('--stack <name>', 'the stack, where the folder has several')
    .option('--pipeline <name>', 'one pipeline of the stack')
    .option('--json', 'as JSON');
}

export function print<T>(value: T, text: (value: T) => string, { json }: AssemblyOptions): void {
  console.log(json ? JSON.stringify(value, undefined, 2) : text(value));
}

export function planCommand(): Command {
  return assemblyCommand('plan', 'prints the order in which a run does its work')
    .action((folder: string, options: AssemblyOptions) => print(plansOf(folder, options), (plans) => plans.map(planText).join('\n\n'), options));
}
