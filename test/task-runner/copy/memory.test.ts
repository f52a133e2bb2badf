/**
 * The memory that copies of many rows take, each in a process of its own, with real databases (see `tables.test.ts`). `.ci/run` does it with
 * as many rows as make 70 MB; COPY_ROWS says otherwise.
 */
import { copySpeeds } from '../../../benchmarks/copies';

const ROWS = Number(process.env.COPY_ROWS ?? 300_000);
/** Node.js itself, with all that is loaded, is 90 of them. */
const LARGEST_MEGABYTES = 180;
/** What goes to S3 is in parts of 16 MiB, two at a time, which so few rows would not show to be all. */
const BY = ['Task Runner', 'Task Runner, as it is'];
/** Files, and into and out of two databases. */
const COPIES = 6;

const ready = process.env.CI_TIERS !== undefined;
if (!ready) console.warn('CI_TIERS is not set, so the memory of copies is not measured; .ci/run does that');

(ready ? test : test.skip)(`copies of ${ROWS} rows take no more memory than copies of few`, async () => {
  const speeds = await copySpeeds(ROWS, 1, (by) => BY.includes(by));
  console.info(speeds.map(({ copy, megabytes, megabytesPerSecond }) => `${copy}: ${Math.round(megabytes!)} MB of memory, ${Math.round(megabytesPerSecond)} MB/s`).join('\n'));
  expect(speeds).toHaveLength(COPIES);
  expect(speeds.filter(({ megabytes = Infinity }) => megabytes > LARGEST_MEGABYTES)).toEqual([]);
}, 3_600_000);
