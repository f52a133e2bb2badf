/**
 * The examples on an emulator of AWS that others wrote (MiniStack, from PyPI), deployed by the CDK's command and worked on by the real
 * Task Runner, come to what they come to in the simulator.
 *
 * MINISTACK names the emulator's executable; `.ci/run` gets it. Without it these tests are skipped, except where CI_TIERS says that
 * nothing may be.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Account, outcomes } from './account';
import { EmulatedAccount } from './emulated-account';
import { arrivals, ExampleRuns, EXAMPLES } from './examples';
import { Host } from './host';
import { SimulatedAccount } from './simulated-account';

const executable = process.env.MINISTACK ?? '';
const ready = executable !== '';
if (!ready) console.warn('MINISTACK is not set, so nothing runs on an emulator; .ci/run does that');

test('the emulator is there where nothing may be skipped', () => {
  expect(ready || process.env.CI_TIERS !== '1').toBe(true);
});

(ready ? describe : describe.skip)('on an emulator', () => {
  const before = { ...process.env };
  const outcomesOf = new Map<string, Array<Record<string, string>>>();
  let folder: string;
  let emulated: EmulatedAccount;
  let simulated: SimulatedAccount;

  beforeAll(async () => {
    // The functions' bundles leave out the AWS SDK, as Lambda has it: they must find this package's.
    const outputs = join(__dirname, '../../../cdk.out');
    mkdirSync(outputs, { recursive: true });
    folder = mkdtempSync(join(outputs, 'emulator-test-'));
    simulated = await SimulatedAccount.open(folder);
    emulated = await EmulatedAccount.open(executable, folder);
  }, 120_000);

  afterAll(async () => {
    process.stdout.write(`Changed for the emulator:\n${emulated.changes.map((change) => `  ${change}\n`).join('')}`);
    await emulated.close();
    await simulated.close();
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  test.each(EXAMPLES)('$name comes to what it comes to in the simulator', async (example) => {
    const assembly = join(folder, example.name);
    const app = new App({ outdir: assembly });
    new example.stack(app, example.name);
    app.synth();
    const inSimulator = await run(simulated, assembly, example);
    const onEmulator = await run(emulated, assembly, example);
    outcomesOf.set(example.name, onEmulator);
    expect(onEmulator).toEqual(inSimulator);
    expect(onEmulator.map((outcome) => outcome.run)).toEqual(example.scenarios.flatMap(({ comesTo }) => comesTo ?? []));
  }, 120_000);

  test('latches are waited on, and come too late to wait on, as in the simulator', () => {
    const latches = (name: string) => outcomesOf.get(name)?.flatMap((outcome) => outcome['latch#1'] ?? []);
    expect(latches('customer-reports')).toEqual(expect.arrayContaining(['somebody waited', 'nobody waited']));
  });

  async function run(account: Account, assembly: string, { scenarios, uncounted }: ExampleRuns): Promise<Array<Record<string, string>>> {
    const pipeline = await account.deploy(assembly);
    const failing = Object.fromEntries(scenarios.map((scenario) => [scenario.run ?? '', scenario.failing ?? {}]));
    const host = new Host(mkdtempSync(join(folder, 'host-')), pipeline, failing);
    try {
      await pipeline.activate(scenarios.map(({ input }) => input), async (later) => (
        arrivals(scenarios, async (key) => pipeline.put(pipeline.bucket('Data'), key), later)
      ));
    } finally {
      await host.stop();
    }
    const all = await outcomes(pipeline);
    for (const outcome of all) for (const id of uncounted) outcome[id] = outcome[id].replace(/\d+$/, (count) => count === '0' ? '0' : 'some');
    return all;
  }
});
