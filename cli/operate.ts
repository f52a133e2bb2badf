import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Command, Option } from 'commander';
import { DeployedPipeline } from './account';
import { activate, ask, cancel, deactivate, markFinished, rerun } from './operations';
import { parameterOption } from './parameter-option';
import { time, whole } from './simulate';
import { ParameterValues } from '../src/contract/parameters';

interface Common {
  readonly region?: string;
  readonly schedule?: string;
  readonly parameter: ParameterValues;
}

/** The commands that act on a deployed pipeline, in the account and Region of the environment. */
export function operatorCommands(): Command[] {
  return [
    command('run', 'activates a pipeline on demand').addOption(parameterOption())
      .action((name: string, { parameter, ...common }: Common) => print(ask(deployed(name, common), { parameters: given(parameter) }))),
    command('rerun', 'repeats what a run has not finished').argument('<run>', 'name of the run')
      .option('--objects <ids...>', 'what to repeat instead: activities, data nodes with preconditions, preconditions, resources')
      .option('--with-consumers', 'and all that comes after it')
      .action((name: string, run: string, { objects, withConsumers, ...common }: Common & { objects?: string[]; withConsumers?: boolean }) =>
        print(rerun(deployed(name, common), { run, objects, withConsumers }))),
    command('mark-finished', 'lets reruns take objects as finished').argument('<run>', 'name of the run').argument('<objects...>', 'ids')
      .action((name: string, run: string, objects: string[], common: Common) => print(markFinished(deployed(name, common), run, objects))),
    command('backfill', 'runs the intervals of a past range')
      .requiredOption('--from <time>', 'start, ISO-8601', time)
      .requiredOption('--to <time>', 'end, exclusive, ISO-8601', time)
      .option('--concurrency <count>', 'runs at work at a time', whole)
      .addOption(new Option('--order <order>', 'the oldest or the newest interval first').choices(['forward', 'backward']))
      .addOption(parameterOption())
      .action((name: string, { from, to, concurrency, order, parameter, ...common }: Common & Range) => print(ask(deployed(name, common), {
        backfill: { from: from.toISOString(), to: to.toISOString(), concurrency, order, parameters: given(parameter) },
      }))),
    command('cancel', 'stops a run, and ends what it has launched').argument('<run>', 'name of the run')
      .action((name: string, run: string, common: Common) => print(cancel(deployed(name, common), run))),
    command('activate', 'lets runs start')
      .option('--start-timestamp <time>', 'intervals before are SKIPPED, ISO-8601', time)
      .action((name: string, { startTimestamp, ...common }: Common & { startTimestamp?: Date }) =>
        print(activate(deployed(name, common), startTimestamp?.toISOString()))),
    command('deactivate', 'starts no more runs, and stops those at work')
      .option('--no-cancel-active', 'lets those at work finish')
      .action((name: string, { cancelActive, ...common }: Common & { cancelActive: boolean }) =>
        print(deactivate(deployed(name, common), cancelActive))),
  ];
}

interface Range {
  readonly from: Date;
  readonly to: Date;
  readonly concurrency?: number;
  readonly order?: 'forward' | 'backward';
}

function command(name: string, description: string): Command {
  return new Command(name).description(description)
    .argument('<pipeline>', 'name of the pipeline')
    .option('--schedule <name>', 'one schedule of the pipeline, if not all; its own is called default')
    .option('--region <region>', 'the Region, if not that of the environment');
}

/** Those that an activation or a backfill gives values for. */
function given(values: Common['parameter']): Common['parameter'] | undefined {
  return Object.keys(values).length > 0 ? values : undefined;
}

function deployed(name: string, { region, schedule }: Pick<Common, 'region' | 'schedule'>): DeployedPipeline {
  const configuration = region === undefined ? {} : { region };
  return new DeployedPipeline(name, {
    stepFunctions: new SFNClient(configuration),
    dynamoDb: new DynamoDBClient(configuration),
    tagging: new ResourceGroupsTaggingAPIClient(configuration),
  }, schedule);
}

async function print(done: Promise<string>): Promise<void> {
  console.log(await done);
}
