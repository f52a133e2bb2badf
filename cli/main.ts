#!/usr/bin/env node
/** The `datapipeline` command. */
import { Command } from 'commander';
import { OperationError } from './account';
import { migrateCommand } from './migrate/migrate';
import { operatorCommands } from './operate';
import { planCommand } from './plan';
import { simulateCommand } from './simulate';
import { validateCommand } from './validate';
import { verifyCommand } from './verify';
import { TemplateError } from '../simulator/stack/template';

async function main(): Promise<void> {
  const program = new Command('datapipeline')
    .description('Looks into, simulates, verifies and operates pipelines of cdk-data-pipeline, and migrates those of AWS Data Pipeline');
  program.addCommand(planCommand()).addCommand(simulateCommand()).addCommand(verifyCommand());
  program.addCommand(validateCommand()).addCommand(migrateCommand());
  for (const command of operatorCommands()) program.addCommand(command);
  await program.parseAsync();
}

/** What the user can mend is said without a stack trace. */
main().catch((error: unknown) => {
  if (!(error instanceof TemplateError || error instanceof OperationError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
});
