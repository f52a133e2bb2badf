import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VirtualClock } from '../../simulator/clock';
import { S3Store } from '../../simulator/servers/s3-store';
import { localSteps } from '../../simulator/services/local-steps';

let folder: string;
let store: S3Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-steps-'));
  store = new S3Store(folder);
  store.createBucket('data');
});

afterEach(() => rmSync(folder, { recursive: true }));

const put = (key: string, body: string | Buffer) => store.put('data', key, body);

const bytesOf = async (key: string) => Buffer.concat(await store.read(store.get('data', key)).toArray());
const read = async (key: string) => (await bytesOf(key)).toString();

async function run(Args: string[], { signal = new AbortController().signal, path = process.env.PATH, Jar = 'command-runner.jar' } = {}): Promise<void> {
  const clock = new VirtualClock();
  const context = { clusterId: 'j-1', stepId: 's-1', stepName: 'step', logUri: 's3://data/logs/j-1/steps/s-1/', clock, signal };
  await clock.run(localSteps({ store, environment: { PATH: path, GREETING: 'hello' } })({ Jar, Args }, context));
}

const streaming = (...options: string[]) => run(['hadoop-streaming', ...options, '-output', 's3://data/out/']);

describe('hadoop-streaming', () => {
  const WORDS = `
    const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
    for (const line of lines) for (const word of line.split(' ')) console.log(word + '\\t1');
    console.error('reporter:counter:words,lines,' + lines.length);
    console.error('reporter:status:reading');
    console.error('mapped ' + process.env.mapreduce_map_input_file);`;
  const SUM = `
    const sums = {};
    for (const line of require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean)) {
      const [word, count] = line.split('\\t');
      sums[word] = (sums[word] ?? 0) + Number(count);
    }
    for (const word in sums) console.log(word + '\\t' + sums[word]);`;

  test('counts words: files shipped under their names, several inputs, gzip, counters', async () => {
    await put('code/words.js', WORDS);
    await put('code/sum-v2.js', SUM);
    await put('in/a.txt', 'the quick the\nfox é\n');
    await put('in/b.txt.gz', gzipSync('the end\n'));
    await put('in/_hidden', 'the the');
    await put('more/c.txt', 'fox\r\n');
    await streaming('-files', 's3://data/code/words.js,s3://data/code/sum-v2.js#sum.js', '-D', 'mapreduce.output.textoutputformat.separator=,',
      '-mapper', 'node words.js', '-reducer', 'node "sum.js"', '-input', 's3://data/in/', '-input', 's3://data/more/c.txt');
    expect(store.keys('data', 'out/')).toEqual(['out/_SUCCESS', 'out/part-00000']);
    expect(await read('out/part-00000')).toBe('end,1\nfox,2\nquick,1\nthe,3\né,1\n');
    expect(await read('logs/j-1/steps/s-1/stderr')).toBe(
      'mapped s3://data/in/a.txt\nmapped s3://data/in/b.txt.gz\nmapped s3://data/more/c.txt\nCounters: 1\n\twords.lines=4\n');
    expect(await read('logs/j-1/steps/s-1/controller')).toContain('The step succeeded');
  });

  test('sorts keys as bytes and keeps a key on one reducer', async () => {
    await put('in/a', 'b\t1\nB\t2\né\t3\na\t4\nb\t5\n😀\t6\nab\t7\n\uff5e\t8\n');
    await streaming('-D', 'mapreduce.job.reduces=2', '-mapper', 'cat', '-input', 's3://data/in');
    const parts = [await read('out/part-00000'), await read('out/part-00001')].map(part => part.split('\n').slice(0, -1));
    for (const part of parts) {
      const keys = part.map(line => Buffer.from(line.split('\t')[0]));
      expect(keys).toEqual([...keys].sort(Buffer.compare));
    }
    expect(parts.flat().sort()).toEqual(['B\t2', 'a\t4', 'ab\t7', 'b\t1', 'b\t5', 'é\t3', '\uff5e\t8', '😀\t6'].sort());
    // Hadoop: (31 + 'a') % 2 = 0, (31 + 'b') % 2 = 1.
    expect([parts[0].includes('a\t4'), parts[1].includes('b\t1'), parts[1].includes('b\t5')]).toEqual([true, true, true]);
  });

  test('without reducers writes a part for each mapper, and a separator after a line without a tab', async () => {
    await put('in/a', '1\n2\tx\ty\n');
    await put('in/b', '3\n');
    await streaming('-D', 'mapreduce.job.reduces=0', '-D', 'mapreduce.output.textoutputformat.separator=;', '-mapper', 'cat', '-input', 's3://data/in/');
    expect([await read('out/part-00000'), await read('out/part-00001')]).toEqual(['1;\n2;x\ty\n', '3;\n']);
  });

  test('a shipped program is run by its name, and sees -cmdenv', async () => {
    await put('code/map.sh', '#!/bin/sh\nread line\necho "$line $GREETING $NAME"\n');
    await put('in/a', 'x\n');
    await streaming('-files', 's3://data/code/map.sh', '-cmdenv', 'NAME=world', '-mapper', 'map.sh', '-reducer', 'NONE', '-input', 's3://data/in/');
    expect(await read('out/part-00000')).toBe('x hello world\t\n');
  });

  test('bytes that are no UTF-8 pass through', async () => {
    const bytes = Buffer.from([0xff, 0x09, 0xfe, 0x0a]);
    await put('in/a', bytes);
    await streaming('-mapper', 'cat', '-reducer', 'cat', '-input', 's3://data/in/');
    expect(await bytesOf('out/part-00000')).toEqual(bytes);
  });

  test('a program that ends early does not hang the step', async () => {
    await put('in/a', `${'x'.repeat(100)}\n`.repeat(20_000));
    await streaming('-mapper', 'head -n 1', '-input', 's3://data/in/');
    expect(await read('out/part-00000')).toBe(`${'x'.repeat(100)}\t\n`);
  });

  test('fails where the output exists', async () => {
    await put('in/a', '');
    await put('out/_SUCCESS', '');
    const message = 'FileAlreadyExistsException: Output directory s3://data/out/ already exists';
    await expect(streaming('-mapper', 'cat', '-input', 's3://data/in/')).rejects.toThrow(message);
    expect(await read('logs/j-1/steps/s-1/controller')).toContain(message);
  });

  test.each<[string, string[]]>([
    ['Input path does not exist: s3://data/none/', ['-mapper', 'cat', '-input', 's3://data/in/,s3://data/none/']],
    ['Not a file: s3://data/nested/deep', ['-mapper', 'cat', '-input', 's3://data/nested/']],
    ['subprocess failed with code 3 (sh -c "exit 3")', ['-mapper', 'sh -c "exit 3"', '-input', 's3://data/in/']],
    ['ENOENT', ['-mapper', 'no-such-program', '-input', 's3://data/in/']],
    ['The specified key does not exist', ['-files', 's3://data/absent.js', '-mapper', 'cat', '-input', 's3://data/in/']],
    ['"-combiner" is not supported', ['-mapper', 'cat', '-combiner', 'cat', '-input', 's3://data/in/']],
    ['-D stream.num.map.output.key.fields is not supported', ['-D', 'stream.num.map.output.key.fields=2', '-mapper', 'cat', '-input', 's3://data/in/']],
    ['number of reduces must be a whole number, not "two"', ['-D', 'mapreduce.job.reduces=two', '-mapper', 'cat', '-input', 's3://data/in/']],
    ['Required argument: -mapper', ['-input', 's3://data/in/']],
    ['"/tmp/in" is no S3 URI', ['-mapper', 'cat', '-input', '/tmp/in']],
  ])('fails and leaves no output: %s', async (message, options) => {
    await put('in/a', '1\n');
    await put('nested/deep/a', '1\n');
    await expect(streaming(...options)).rejects.toThrow(message);
    expect(store.keys('data', 'out')).toEqual([]);
  });
});

describe('programs', () => {
  test('bash runs, with its output in the logs', async () => {
    await run(['bash', '-c', 'echo $GREETING; echo oops >&2']);
    expect([await read('logs/j-1/steps/s-1/stdout'), await read('logs/j-1/steps/s-1/stderr')]).toEqual(['hello\n', 'oops\n']);
  });

  test('that fail fail the step with their code and last words', async () => {
    await expect(run(['bash', '-c', 'echo oops >&2; exit 4'])).rejects.toThrow('bash ended with exit code 4: oops');
    expect(await read('logs/j-1/steps/s-1/stderr')).toBe('oops\n');
  });

  test('end with the step, and so does what they have started', async () => {
    const abort = new AbortController();
    const marker = join(folder, 'marker');
    const stopped = run(['bash', '-c', `(sleep 0.3; touch ${marker}) & echo > ${marker}.started; wait`], { signal: abort.signal });
    const settled = expect(stopped).rejects.toThrow('cancelled');
    while (!existsSync(`${marker}.started`)) await new Promise(resolve => setTimeout(resolve, 5));
    abort.abort(new Error('cancelled'));
    await settled;
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(existsSync(marker)).toBe(false);
  });

  test('spark-submit runs where it is on the PATH, and else says that it is not', async () => {
    const bin = join(folder, 'bin');
    await expect(run(['spark-submit', 'job.py'], { path: bin })).rejects.toThrow('spark-submit is not installed here');
    store.createBucket('bin');
    writeFileSync(join(bin, 'spark-submit'), '#!/bin/sh\necho submitted "$@"\n', { mode: 0o755 });
    await run(['spark-submit', 'job.py', 'x y'], { path: `${bin}:/bin` });
    expect(await read('logs/j-1/steps/s-1/stdout')).toBe('submitted job.py x y\n');
  });

  test.each([['"command-runner.jar s3-dist-cp" cannot run here', 'command-runner.jar'], ['"s3://x/my.jar s3-dist-cp" cannot run here', 's3://x/my.jar']])(
    'of other kinds are refused: %s', async (message, Jar) => {
      await expect(run(['s3-dist-cp'], { Jar })).rejects.toThrow(message);
    });
});

describe('hadoop', () => {
  test('fs -rm -r -f removes what is there, and nothing else', async () => {
    for (const key of ['out/part-00000', 'out/_SUCCESS', 'other/part-00000']) await put(key, 'x');
    await run(['hadoop', 'fs', '-rm', '-r', '-f', 's3://data/out/']);
    await run(['hadoop', 'fs', '-rm', '-r', '-f', 's3://data/out/']);
    expect(store.keys('data').filter((key) => !key.startsWith('logs/'))).toEqual(['other/part-00000']);
  });

  test('runs nothing else here', async () => {
    await expect(run(['hadoop', 'distcp', 's3://data/a', 's3://data/b'])).rejects.toThrow('"hadoop distcp s3://data/a s3://data/b" cannot run here');
  });
});
