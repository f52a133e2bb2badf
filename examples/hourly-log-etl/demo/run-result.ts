import { readFileSync } from 'node:fs';
import { S3Store } from '../../../simulator/servers/s3-store';
import { RunResult } from '../../../src/contract/run';

/** The document that a run leaves in the log bucket. */
export function runResult(store: S3Store, logBucket: string, run: string): RunResult {
  return JSON.parse(readFileSync(store.get(logBucket, `log-etl/runs/${run}.json`).file, 'utf8')) as RunResult;
}
