/** Three hours of the hourly log ETL on this machine: `npm run demo`. */
import { join, relative, resolve } from 'node:path';
import { DemoHour, demoHours, losingNodes, runOf, surprises } from './hours';
import { LocalAccount } from './local-account';
import { differences, expectedHits } from './page-hits';
import { Progress } from './progress';
import { hitsTables, objectsTable } from './report';
import { Interrupted, Teardown } from './teardown';

const FIRST_HOUR = new Date('2026-12-01T08:00:00Z');
const SEED = 20261201;
const SHOWN_PROBLEMS = 20;
const folder = resolve('demo.out');
const say = (line = '') => console.log(line);
const shown = (path: string) => relative('', path);

const INTRODUCTION = `Three hours of examples/hourly-log-etl, as synthesized. Real are its state machines, Task Runner, the precondition checker's code,
the shell commands and the transform's scripts. Stand-ins: Step Functions and EventBridge are this package's simulator, which jumps over idle time; S3 is a
folder behind an endpoint on loopback; EMR's command-runner.jar steps run as processes here; Redshift is PGlite.

Synthesizing, and starting Task Runner ...
`;

async function demo(teardown: Teardown): Promise<string[]> {
  say(INTRODUCTION);
  const hours = demoHours(FIRST_HOUR, SEED);
  const account = await LocalAccount.open({ folder, start: FIRST_HOUR, disturbed: (runner) => losingNodes(hours, runner), teardown });
  const progress = teardown.add(new Progress(account.stack, say), (each) => each.close());
  await Promise.race([account.clock.run(pass(hours, account, progress, teardown.signal)), account.plant.failure]);
  progress.close();

  const results = await Promise.all(hours.map((hour) => account.runResult(runOf(hour))));
  const loaded = await account.warehouse.pageHits();
  say(`\n${objectsTable(results)}\n\n${hitsTables(loaded)}\n`);
  say(`The plant's logs:  ${shown(join(folder, 'plant/logs'))} (${hours.map(({ log }) => `${log.lines.length} lines`).join(', ')})`);
  say(`Output files:      ${shown(account.bucketFolder('Data'))}`);
  say(`Results and logs:  ${shown(account.bucketFolder('RunLogs'))}\n`);
  return [
    ...differences(expectedHits(hours.flatMap(({ log }) => log.hits)), loaded),
    ...hours.flatMap((hour, index) => surprises(hour, results[index])),
    ...account.leftClusters.map((name) => `cluster ${name} is left running`),
  ];
}

/** The web server closes its logs, the schedule ticks, and the runs come to their end. */
async function pass(hours: readonly DemoHour[], { clock, stack, plant }: LocalAccount, progress: Progress, signal: AbortSignal): Promise<void> {
  const closeLog = async ({ log, due, logDelay }: DemoHour) => {
    await clock.sleep(due.getTime() + logDelay - clock.now(), signal);
    progress.note(clock.now(), `the web server closes ${shown(plant.keep(log))}`);
  };
  const end = new Date(hours[hours.length - 1].due.getTime() + 1);
  await Promise.all([...hours.map(closeLog), stack.deliverTicks(hours[0].due, end, signal)]);
  await stack.settled();
}

async function main(): Promise<number> {
  const teardown = new Teardown();
  try {
    const problems = await teardown.around(() => demo(teardown));
    for (const problem of problems.slice(0, SHOWN_PROBLEMS)) say(`WRONG: ${problem}`);
    say(problems.length === 0 ? 'The rows are those that the logs imply.' : `${problems.length} problems.`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    console.error(error);
    return 1;
  }
}

void main().then((code) => { process.exitCode = code; });
