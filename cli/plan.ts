import { Command } from 'commander';
import { plansOf } from './assembly';
import { planText } from './plan-text';

export interface AssemblyOptions {
  readonly stack?: string;
  readonly pipeline?: string;
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('prints the order in which a run does its work')
    .argument('<cdk.out>', 'a folder that `cdk synth` has written')
    .option('--stack <name>', 'the stack, where the folder has several')
    .option('--pipeline <name>', 'one pipeline of the stack')
    .option('--json', 'as JSON')
    .action((folder: string, options: AssemblyOptions) => {
      const plans = plansOf(folder, options);
      console.log(options.json ? JSON.stringify(plans, undefined, 2) : plans.map(planText).join('\n\n'));
    });
}
