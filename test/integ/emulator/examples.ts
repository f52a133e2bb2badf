import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Later } from './account';
import { Failing } from './host';
import { CustomerReportsStack } from '../../../examples/customer-reports/customer-reports-stack';
import { RefreshTestDatabaseStack } from '../../../examples/refresh-test-database/refresh-test-database-stack';
import { StoreSalesStack } from '../../../examples/store-sales/store-sales-stack';
import { RunResult } from '../../../src/contract/run';

/** One start of a run, and what befalls it. */
export interface Scenario {
  readonly name: string;
  /** The run's status; none where no run begins. */
  readonly comesTo?: RunResult['status'];
  /** Of the Starter. */
  readonly input: object;
  /** The run's name, where the input says it. */
  readonly run?: string;
  readonly failing?: Failing;
  /** Objects in the bucket `Data`, and after how many minutes each is there. */
  readonly arrivals?: Readonly<Record<string, number>>;
}

export interface ExampleRuns {
  readonly name: string;
  readonly stack: new (scope: Construct, id: string) => Stack;
  readonly scenarios: readonly Scenario[];
  /** Objects that are asked for as often as it takes: how often depends on the machine's speed. */
  readonly uncounted: readonly string[];
}

const morning = (name: string, comesTo: RunResult['status'], of: number, failing: Failing = {}): Scenario => (
  { name, comesTo, input: { scheduledTime: `2026-06-0${of}T04:00:00Z` }, run: `2026-06-0${of}T04-00-00Z`, failing }
);

/** The tick of the day after starts the run of a day. */
const day = (name: string, comesTo: RunResult['status'], of: number, failing: Failing = {}, ratesAfter = 0): Scenario => ({
  name,
  comesTo,
  input: { scheduledTime: `2026-06-0${of + 1}T00:00:00Z` },
  run: `2026-06-0${of}T00-00-00Z`,
  failing,
  arrivals: { [`rates/2026-06-0${of}.csv`]: ratesAfter },
});

export const EXAMPLES: readonly ExampleRuns[] = [
  {
    name: 'customer-reports',
    stack: CustomerReportsStack,
    uncounted: [],
    scenarios: [
      morning('the orders fail twice, so that the loyalty report waits for them', 'FINISHED', 1, { ExportOrders: 2 }),
      morning('the import of customers ends late, so that the loyalty report finds the orders there', 'FINISHED', 2, { ImportOver: 3 }),
      morning('the orders fail for good: both reports cascade', 'FAILED', 3, { ExportOrders: 9 }),
      morning('the customers fail for good: the loyalty report cascades', 'FAILED', 4, { ExportCustomers: 9 }),
      { name: 'a tick comes once more', input: { scheduledTime: '2026-06-01T04:00:00Z' } },
    ],
  },
  {
    name: 'store-sales',
    stack: StoreSalesStack,
    uncounted: ['RatesArrived'],
    scenarios: [
      day('all is well', 'FINISHED', 1),
      day('a store closes late, another sends at its third attempt', 'FINISHED', 2, { HamburgClosed: 2, SendVienna: 2 }),
      day('the rates come late', 'FINISHED', 3, {}, 5),
      day('a store cannot send: the total waits', 'FAILED', 4, { SendVienna: 9 }),
    ],
  },
  {
    name: 'refresh-test-database',
    stack: RefreshTestDatabaseStack,
    uncounted: [],
    scenarios: [
      { name: 'with its default parameter', comesTo: 'FINISHED', input: {} },
      { name: 'with a parameter', comesTo: 'FINISHED', input: { parameters: { myTable: 'customers' } } },
      { name: 'with the name of no table', comesTo: 'FAILED', input: { parameters: { myTable: 'no_such_table' } } },
    ],
  },
];

/** What happens while the runs are under way. */
export async function arrivals(scenarios: readonly Scenario[], put: (key: string) => Promise<void>, later: Later): Promise<void> {
  const all = scenarios.flatMap((scenario) => Object.entries(scenario.arrivals ?? {}));
  await Promise.all(all.map(async ([key, minutes]) => {
    await later(minutes);
    await put(key);
  }));
}
