/** Three hours of the hourly log ETL on this machine: `npm run demo`. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DemoHour, demoHours, losingNodes, runOf, surprises } from './hours';
import { differences, expectedHits } from './page-hits';
import { Plant } from './plant';
import { Progress } from './progress';
import { hitsTables, objectsTable } from './report';
import { runResult } from './run-result';
import { synthesize } from './synthesis';
import { Interrupted, Teardown } from './teardown';
import { Warehouse } from './warehouse';
import { ForwardingClock } from '../../../simulator/clock';
import { Endpoint } from '../../../simulator/endpoint';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { Emr } from '../../../simulator/services/emr';
import { localSteps } from '../../../simulator/services/local-steps';
import { RedshiftData } from '../../../simulator/services/redshift-data';
import { SimulatedStack } from '../../../simulator/stack/simulated-stack';

const FIRST_HOUR = new Date('2026-12-01T08:00:00Z');
const SEED = 20261201;
const folder = resolve('demo.out');
const say = (line = '') => console.log(line);
const shown = (path: string) => relative('', path);

const STAND_INS = `Stand-ins: S3 is a folder behind an endpoint on loopback; EMR's command-runner.jar steps run as processes of this machine;
Redshift is PGlite; EventBridge and Step Functions are the simulator, which jumps over idle time. Everything else is the real
code: the synthesized state machines, Task Runner, the transform's scripts.`;

async function demo(teardown: Teardown): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  say(`${STAND_INS}\n\nSynthesizing examples/hourly-log-etl/app.ts`);
  const assembly = synthesize(folder);
  const hours = demoHours(FIRST_HOUR, SEED);

  const store = new S3Store(join(folder, 's3'));
  const s3 = teardown.add(await S3Folder.start(store), (server) => server.close());
  const environment = awsEnvironment(s3.endpoint);
  // For Lambda functions, which run in this process.
  Object.assign(process.env, environment);
  const warehouse = teardown.add(await Warehouse.open(), (database) => database.close());
  const emr = new Emr({ runner: losingNodes(hours, localSteps({ store, environment: { PATH: process.env.PATH, ...environment } })) });
  const redshift = new RedshiftData({ database: warehouse.database, store });
  const clock = new ForwardingClock(FIRST_HOUR.getTime());
  const stack = await SimulatedStack.load({ assembly, clock, store, handlers: { ...emr.handlers(), ...redshift.handlers() } });
  teardown.add(stack, () => stack.executions('RunStateMachine').forEach((run) => run.stop()));

  const endpoint = teardown.add(await Endpoint.start(stack.stepFunctions), (server) => server.close());
  const plantEnvironment = { ...environment, AWS_ENDPOINT_URL_SFN: endpoint.url };
  const plant = teardown.add(new Plant(join(folder, 'plant'), stack.activity('PlantActivity'), plantEnvironment), (host) => host.stop());
  await Promise.race([endpoint.polled(stack.activity('PlantActivity')), plant.failure]);

  say('\nThree hours of the pipeline\'s time:\n');
  const progress = teardown.add(new Progress(stack, say), (each) => each.close());
  await Promise.race([clock.run(threeHours(hours, stack, plant, clock, progress)), plant.failure]);
  progress.close();

  const results = hours.map((hour) => runResult(store, stack.bucket('Logs'), runOf(hour)));
  const loaded = await warehouse.pageHits();
  say(`\n${objectsTable(results)}\n\n${hitsTables(loaded)}\n`);
  say(`Logs of the plant: ${shown(join(folder, 'plant/logs'))}, ${hours.map(({ log }) => `${log.lines.length} lines`).join(', ')}`);
  say(`Output files:      ${shown(join(folder, 's3', stack.bucket('Data')))}`);
  say(`Results and logs:  ${shown(join(folder, 's3', stack.bucket('Logs')))}`);
  return [
    ...differences(expectedHits(hours.flatMap(({ log }) => log.hits)), loaded),
    ...hours.flatMap((hour, index) => surprises(hour, results[index])),
    ...emr.clusters.filter(({ alive }) => alive).map(({ request }) => `cluster ${request.name} is left running`),
  ];
}

function awsEnvironment(s3: string): Record<string, string> {
  return { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo', AWS_ENDPOINT_URL_S3: s3, LC_ALL: 'C' };
}

/** The schedule ticks, the web server closes its logs, and the runs come to their end. */
async function threeHours(
  hours: readonly DemoHour[], stack: SimulatedStack, plant: Plant, clock: ForwardingClock, progress: Progress,
): Promise<void> {
  const closeLog = async ({ log, due, logDelay }: DemoHour) => {
    await clock.sleep(due.getTime() + logDelay - clock.now());
    progress.note(clock.now(), `the web server closes ${shown(plant.keep(log))}`);
  };
  const last = hours[hours.length - 1].due;
  await Promise.all([...hours.map(closeLog), stack.deliverTicks(hours[0].due, new Date(last.getTime() + 1))]);
  await stack.settled();
}

async function main(): Promise<number> {
  const teardown = new Teardown();
  try {
    const problems = await teardown.around(() => demo(teardown));
    for (const problem of problems.slice(0, 20)) say(`WRONG: ${problem}`);
    say(problems.length === 0 ? 'The rows are those that the logs imply.' : `${problems.length} problems.`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    console.error(error);
    return 1;
  }
}

void main().then((code) => { process.exitCode = code; });
