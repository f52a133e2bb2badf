import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HadoopJarStep, StepContext, StepRunner } from './emr-step';
import { StreamingRun } from './hadoop-streaming';
import { messageOf } from './integration';
import { isInstalled, ProcessRunner, runProcess } from './process';
import { parseS3Uri } from './s3-uri';
import { S3Store } from '../servers/s3-store';

export interface LocalStepsOptions {
  readonly store: S3Store;
  /** For the programs: the PATH, and where the S3 endpoint is (`AWS_ENDPOINT_URL_S3`, credentials, region). */
  readonly environment: NodeJS.ProcessEnv;
  readonly runProcess?: ProcessRunner;
}

interface Logs {
  stdout: string | Buffer;
  stderr: string | Buffer;
}

/** Runs steps of command-runner.jar as processes on this machine; what it cannot run fails, by name. */
export function localSteps({ store, environment, runProcess: run = runProcess }: LocalStepsOptions): StepRunner {
  return (step, context) => context.clock.busy(new LocalStep(step, context, store, environment, run).run());
}

const PROGRAMS = ['hadoop-streaming', 'hadoop', 'bash', 'spark-submit'];
const REMOVE = 'fs -rm -r -f';

class LocalStep {
  private readonly logs: Logs = { stdout: '', stderr: '' };

  constructor(private readonly step: HadoopJarStep, private readonly context: StepContext, private readonly store: S3Store,
    private readonly environment: NodeJS.ProcessEnv, private readonly start: ProcessRunner) {}

  public async run(): Promise<void> {
    const begun = Date.now();
    let outcome = 'succeeded';
    try {
      await this.work();
    } catch (error) {
      outcome = `failed: ${messageOf(error)}`;
      throw error;
    } finally {
      await this.keepLogs(`${JSON.stringify(this.step)}\nThe step ${outcome} after ${Date.now() - begun} ms\n`);
    }
  }

  private async work(): Promise<void> {
    const { Jar, Args = [] } = this.step;
    const [program, ...args] = Args;
    if (Jar !== 'command-runner.jar' || !PROGRAMS.includes(program)) {
      throw new Error(`"${[Jar, program].join(' ')}" cannot run here: this stand-in for EMR runs command-runner.jar with ${PROGRAMS.join(', ')}`);
    }
    if (program === 'hadoop-streaming') return this.stream(args);
    if (program === 'hadoop') return this.remove(args);
    if (!isInstalled(program, this.environment.PATH)) throw new Error(`${program} is not installed here: no program of that name is on the PATH`);
    return this.execute(program, args);
  }

  private async stream(args: readonly string[]): Promise<void> {
    const streaming = new StreamingRun(args, this.store, this.environment, this.start, this.context.signal);
    try {
      await streaming.run();
    } finally {
      this.logs.stderr = streaming.log;
    }
  }

  /** Of Hadoop's own commands, the one that makes room for a step that is repeated. */
  private async remove(args: readonly string[]): Promise<void> {
    const uris = args.slice(REMOVE.split(' ').length);
    if (!args.join(' ').startsWith(`${REMOVE} `)) throw new Error(`"hadoop ${args.join(' ')}" cannot run here: of hadoop, this stand-in for EMR runs ${REMOVE}`);
    for (const { bucket, key } of uris.map(parseS3Uri)) {
      for (const each of this.store.keys(bucket, key)) this.store.delete(bucket, each);
    }
  }

  private async execute(command: string, args: readonly string[]): Promise<void> {
    const cwd = mkdtempSync(join(tmpdir(), 'emr-step-'));
    try {
      const { code, ...logs } = await this.start({ command, args, cwd, env: this.environment, signal: this.context.signal });
      Object.assign(this.logs, logs);
      if (code !== 0) throw new Error(`${command} ended with exit code ${code}${lastLine(logs.stderr)}`);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }

  private async keepLogs(controller: string): Promise<void> {
    if (this.context.logUri === undefined) return;
    const { bucket, key } = parseS3Uri(this.context.logUri);
    for (const [name, content] of Object.entries({ ...this.logs, controller })) await this.store.put(bucket, `${key}${name}`, content);
  }
}

function lastLine(stderr: Buffer): string {
  const line = stderr.toString().trimEnd().split('\n').at(-1);
  return line ? `: ${line}` : '';
}
