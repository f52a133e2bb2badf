import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeStepFunctions } from './fake-step-functions';
import { ACTIVITY_ARN, TaskRunnerProcess } from './task-runner-process';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';

const scratch = mkdtempSync(join(tmpdir(), 'task-runner-test-'));
const bundle = join(scratch, 'task-runner.js');

beforeAll(() => TaskRunnerProcess.bundle(bundle));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A host of its own for a test, with Step Functions and S3 to talk to. */
export class Plant {
  public static async open(): Promise<Plant> {
    const home = mkdtempSync(join(tmpdir(), 'plant-'));
    const store = new S3Store(join(home, 's3'));
    for (const bucket of ['logs', 'data']) store.createBucket(bucket);
    return new Plant(home, await FakeStepFunctions.start(), store, await S3Folder.start(store));
  }

  public readonly work: string;
  public readonly bundle = bundle;
  private readonly runners: TaskRunnerProcess[] = [];

  private constructor(readonly home: string, readonly service: FakeStepFunctions, readonly store: S3Store, private readonly s3: S3Folder) {
    this.work = join(home, 'work');
  }

  /** One that polls. */
  public start(...args: string[]): TaskRunnerProcess {
    return this.run('--workerGroup', ACTIVITY_ARN, '--taskrunnerId', 'plant-1', ...args);
  }

  public run(...args: string[]): TaskRunnerProcess {
    return this.runIn({ HTTPS_PROXY: 'http://someone:a-password@proxy.example:3128', NO_PROXY: '127.0.0.1' }, ...args);
  }

  public runIn(environment: NodeJS.ProcessEnv, ...args: string[]): TaskRunnerProcess {
    const runner = new TaskRunnerProcess(this.bundle, ['--workDir', this.work, ...args], {
      HOME: this.home,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'a-secret-key',
      AWS_ENDPOINT_URL_SFN: this.service.endpoint,
      AWS_ENDPOINT_URL_S3: this.s3.endpoint,
      ...environment,
    });
    this.runners.push(runner);
    return runner;
  }

  public object(bucket: string, key: string): string {
    return readFileSync(join(this.home, 's3', bucket, key), 'utf8');
  }

  /** Of the task that is a shellTask without a change. */
  public logged(name: string): string {
    return this.object('logs', `LogEtl/Extract/2026-12-01T00-00-00Z/1/${name}`);
  }

  public async close(): Promise<void> {
    for (const runner of this.runners) runner.kill('SIGKILL');
    await Promise.all(this.runners.map(async (runner) => runner.exit));
    await this.service.close();
    await this.s3.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Whether a process of that id runs; one that has ended and that nobody asked about does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
