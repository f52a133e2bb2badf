import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ProcessRunner } from './process';
import { parseS3Uri } from './s3-uri';
import { parseStreamingJob, StreamingJob, words } from './streaming-job';
import { S3Store } from '../servers/s3-store';
import { Signal } from '../signals';

/**
 * One job of Hadoop Streaming, with one mapper for each input object. As in Hadoop:
 *
 * - keys end at the first tab; a line without one is a key with an empty value, which is written with its separator;
 * - a reducer sees its keys in the order of their bytes, and which reducer sees a key depends on the key alone;
 * - the output directory must not exist; it gets a part for each reducer (without reducers: for each mapper) and `_SUCCESS`.
 *
 * Lines are kept as latin1 strings: a character a byte.
 */
export class StreamingRun {
  private readonly job: StreamingJob;
  private readonly counters = new Map<string, number>();
  private readonly messages: string[] = [];
  private directory = '';

  constructor(args: readonly string[], private readonly store: S3Store, private readonly environment: NodeJS.ProcessEnv,
    private readonly runProcess: ProcessRunner, private readonly signal: Signal) {
    this.job = parseStreamingJob(args);
  }

  /** What the programs wrote to stderr, and the counters, as the step's log shows them. */
  public get log(): string {
    const counted = [...this.counters].sort().map(([name, value]) => `\t${name}=${value}\n`);
    return this.messages.join('') + (counted.length > 0 ? `Counters: ${counted.length}\n${counted.join('')}` : '');
  }

  public async run(): Promise<void> {
    this.refuseExistingOutput();
    const inputs = this.job.inputs.flatMap(uri => this.objectsOf(uri));
    this.directory = mkdtempSync(join(tmpdir(), 'hadoop-streaming-'));
    try {
      for (const { uri, name } of this.job.files) await this.fetch(uri, name);
      const mapped: Pair[][] = [];
      for (const [task, uri] of inputs.entries()) mapped.push(await this.map(uri, task));
      const parts = this.job.reduces === 0 ? mapped : await this.reduce(mapped.flat());
      for (const [task, pairs] of parts.entries()) await this.write(`part-${String(task).padStart(5, '0')}`, this.rendered(pairs));
      await this.write('_SUCCESS', '');
    } finally {
      rmSync(this.directory, { recursive: true });
    }
  }

  private refuseExistingOutput(): void {
    const { bucket, key } = parseS3Uri(this.job.output);
    const directory = key.replace(/\/*$/, '/');
    if (this.store.keys(bucket, directory).length > 0 || this.store.find(bucket, directory.slice(0, -1))) {
      throw new Error(`org.apache.hadoop.mapred.FileAlreadyExistsException: Output directory ${this.job.output} already exists`);
    }
  }

  /** URIs of the objects that an input names: itself, or the files of the directory; hidden ones are not read. */
  private objectsOf(input: string): string[] {
    const { bucket, key } = parseS3Uri(input);
    if (!key.endsWith('/') && key !== '' && this.store.find(bucket, key)) return [input];
    const directory = key === '' ? '' : key.replace(/\/*$/, '/');
    const below = this.store.keys(bucket, directory).map(each => each.slice(directory.length)).filter(name => name !== '');
    if (below.length === 0) throw new Error(`org.apache.hadoop.mapred.InvalidInputException: Input path does not exist: ${input}`);
    const visible = below.filter(name => !name.split('/').some(part => /^[_.]/.test(part)) && !name.endsWith('/'));
    const nested = visible.find(name => name.includes('/'));
    if (nested && !this.job.recursive) throw new Error(`java.io.IOException: Not a file: s3://${bucket}/${directory}${nested.split('/')[0]}`);
    return visible.map(name => `s3://${bucket}/${directory}${name}`);
  }

  private async fetch(uri: string, name: string): Promise<void> {
    const file = join(this.directory, name);
    writeFileSync(file, await this.bytesOf(uri));
    chmodSync(file, 0o755);
  }

  private async map(uri: string, task: number): Promise<Pair[]> {
    const bytes = await this.bytesOf(uri);
    const text = (uri.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    return this.program(this.job.mapper, linesOf(text), { mapreduce_map_input_file: uri, mapreduce_task_partition: String(task) });
  }

  /** One list of pairs for each reducer. */
  private async reduce(pairs: readonly Pair[]): Promise<Pair[][]> {
    const partitions: Pair[][] = Array.from({ length: this.job.reduces }, () => []);
    for (const pair of pairs) partitions[partitionOf(pair.key, this.job.reduces)].push(pair);
    const reduced: Pair[][] = [];
    for (const [task, partition] of partitions.entries()) {
      const sorted = partition.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
      const lines = sorted.map(({ key, value }) => `${key}\t${value}`);
      reduced.push(this.job.reducer === undefined ? sorted : await this.program(this.job.reducer, lines, { mapreduce_task_partition: String(task) }));
    }
    return reduced;
  }

  private async program(command: string, lines: readonly string[], variables: Record<string, string>): Promise<Pair[]> {
    const [name, ...args] = words(command);
    const shipped = join(this.directory, name);
    const { code, stdout, stderr } = await this.runProcess({
      command: existsSync(shipped) ? shipped : name,
      args,
      cwd: this.directory,
      env: { ...this.environment, ...this.job.environment, ...variables },
      input: chunked(lines),
      signal: this.signal,
    });
    this.report(stderr.toString());
    if (code !== 0) throw new Error(`java.lang.RuntimeException: PipeMapRed.waitOutputThreads(): subprocess failed with code ${code} (${command})`);
    return linesOf(stdout.toString('latin1')).map(pairOf);
  }

  private report(stderr: string): void {
    for (const line of linesOf(stderr)) {
      const counter = /^reporter:counter:([^,]*),([^,]*),(-?\d+)$/.exec(line);
      if (counter) this.count(`${counter[1]}.${counter[2]}`, Number(counter[3]));
      else if (!line.startsWith('reporter:status:')) this.messages.push(`${line}\n`);
    }
  }

  private count(name: string, amount: number): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + amount);
  }

  private rendered(pairs: readonly Pair[]): string {
    const separator = Buffer.from(this.job.separator).toString('latin1');
    return pairs.map(({ key, value }) => `${key}${separator}${value}\n`).join('');
  }

  private async bytesOf(uri: string): Promise<Buffer> {
    const { bucket, key } = parseS3Uri(uri);
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.store.read(this.store.get(bucket, key))) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  private async write(name: string, text: string): Promise<void> {
    const { bucket, key } = parseS3Uri(this.job.output);
    await this.store.put(bucket, `${key.replace(/\/*$/, '/')}${name}`, Buffer.from(text, 'latin1'));
  }
}

interface Pair {
  readonly key: string;
  readonly value: string;
}

function pairOf(line: string): Pair {
  const tab = line.indexOf('\t');
  return tab < 0 ? { key: line, value: '' } : { key: line.slice(0, tab), value: line.slice(tab + 1) };
}

/** Hadoop's HashPartitioner on Text. */
function partitionOf(key: string, partitions: number): number {
  let hash = 1;
  for (let n = 0; n < key.length; n++) {
    const byte = key.charCodeAt(n);
    // Math.imul keeps the sum a 32-bit integer, as Java's int.
    hash = Math.imul(Math.imul(31, hash) + (byte > 127 ? byte - 256 : byte), 1);
  }
  return (hash < 0 ? hash + 2 ** 31 : hash) % partitions;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines in pieces of a size that pipes like. */
function* chunked(lines: readonly string[]): Generator<Buffer> {
  for (let from = 0; from < lines.length; from += 1000) {
    yield Buffer.from(lines.slice(from, from + 1000).map(line => `${line}\n`).join(''), 'latin1');
  }
}
