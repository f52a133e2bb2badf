/** What a `hadoop-streaming` command line asks for. */
export interface StreamingJob {
  readonly mapper: string;
  /** Undefined: what the mappers wrote, sorted. */
  readonly reducer?: string;
  readonly reduces: number;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly files: readonly { readonly uri: string; readonly name: string }[];
  /** Between key and value in the output. */
  readonly separator: string;
  /** Whether directories in an input directory are read, too. */
  readonly recursive: boolean;
  /** Of `-cmdenv`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Options with a value; those that a job is not affected by here are absent, and refused by name. */
const OPTIONS = ['-files', '-D', '-mapper', '-reducer', '-input', '-output', '-numReduceTasks', '-cmdenv'];

/** Properties that change what a job computes, beyond the ones read here. */
const UNSUPPORTED = /^(stream\.|mapreduce\.partition\.|mapreduce\.job\.(inputformat|outputformat|partitioner|output\.key|combine)|mapreduce\.output\.fileoutputformat\.compress)/;

export function parseStreamingJob(args: readonly string[]): StreamingJob {
  const given = optionsOf(args);
  const one = (name: string) => given.get(name)?.at(-1);
  const properties = new Map((given.get('-D') ?? []).map(assignment));
  const unsupported = [...properties.keys()].find(name => UNSUPPORTED.test(name));
  if (unsupported) throw new Error(`hadoop-streaming: -D ${unsupported} is not supported by this stand-in for EMR`);
  const reducer = one('-reducer');
  const reduces = one('-numReduceTasks') ?? properties.get('mapreduce.job.reduces') ?? properties.get('mapred.reduce.tasks') ?? '1';
  if (!/^\d+$/.test(reduces)) throw new Error(`hadoop-streaming: the number of reduces must be a whole number, not "${reduces}"`);
  return {
    mapper: one('-mapper') ?? missing('-mapper'),
    reducer: reducer === 'NONE' ? undefined : reducer,
    reduces: reducer === 'NONE' ? 0 : Number(reduces),
    inputs: (given.get('-input') ?? missing('-input')).flatMap(list => list.split(',')),
    output: one('-output') ?? missing('-output'),
    files: (given.get('-files') ?? []).flatMap(list => list.split(',')).map(fileOf),
    separator: properties.get('mapreduce.output.textoutputformat.separator') ?? properties.get('mapred.textoutputformat.separator') ?? '\t',
    recursive: properties.get('mapreduce.input.fileinputformat.input.dir.recursive') === 'true',
    environment: Object.fromEntries((given.get('-cmdenv') ?? []).map(assignment)),
  };
}

/** A command line's words, as Hadoop splits it: at spaces that are not in quotes. No shell has a hand in it. */
export function words(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function optionsOf(args: readonly string[]): Map<string, string[]> {
  const given = new Map<string, string[]>();
  for (let n = 0; n < args.length; n++) {
    const joined = /^-D(.+)$/.exec(args[n]);
    const name = joined ? '-D' : args[n];
    if (!OPTIONS.includes(name)) {
      throw new Error(`hadoop-streaming: "${name}" is not supported by this stand-in for EMR, which knows ${OPTIONS.join(', ')}`);
    }
    const value = joined ? joined[1] : args[++n];
    if (value === undefined) throw new Error(`hadoop-streaming: ${name} has no value`);
    given.set(name, [...given.get(name) ?? [], value]);
  }
  return given;
}

function assignment(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Error(`hadoop-streaming: "${text}" is no <name>=<value>`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function fileOf(text: string): { uri: string; name: string } {
  const [uri, name = uri.slice(uri.lastIndexOf('/') + 1)] = text.split('#');
  if (name === '' || name.includes('/')) throw new Error(`hadoop-streaming: -files "${text}" has no file name`);
  return { uri, name };
}

function missing(option: string): never {
  throw new Error(`hadoop-streaming: Required argument: ${option}`);
}
