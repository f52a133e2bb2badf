/**
 * The scripts that are generated, run by Pig on real files. PIG_CLASSPATH is Java's way to Pig 0.17, its piggybank and Hadoop, PIGGYBANK the
 * jar that scripts register; `.ci/run` gets them. Without them these tests are skipped, except where CI_TIERS says that nothing may be.
 */
import { spawnSync } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { LocalBucket } from './local-bucket';
import { DataFormat, EmrCluster, PigActivity, S3Compression, S3DataNode } from '../../src';
import { pigScript } from '../activities/pig-reader';
import { pipeline } from '../compiler/fixture';

const { PIG_CLASSPATH = '', PIGGYBANK = '' } = process.env;
const ready = PIG_CLASSPATH !== '' || process.env.CI_TIERS !== undefined;
if (!ready) console.warn('PIG_CLASSPATH is not set, so no engine runs Pig Latin; .ci/run does that');

interface Case {
  readonly lines: string[];
  readonly script: string;
  readonly parameters?: Record<string, string>;
  readonly input?: DataFormat;
  readonly output?: DataFormat;
  readonly compression?: S3Compression;
  readonly written: string[];
}

/** What is compressed is so for all that comes after: the last. */
const CASES: Record<string, Case> = {
  'CSV becomes TSV': {
    lines: ['web1,"1,5",2', '"say ""hi""",x,40', 'web2,y,'],
    script: 'A = FILTER ${input1} BY n IS NOT NULL;\n${output1} = FOREACH A GENERATE host, note, n + 1;',
    input: DataFormat.csv({ columns: ['host', 'note', 'n INT'] }),
    output: DataFormat.tsv({ columns: ['host', 'note', 'n INT'] }),
    written: ['say "hi"\tx\t41', 'web1\t1,5\t3'],
  },
  'TSV becomes CSV, with the run\'s day': {
    lines: ['a, b\t1.5', 'c\t10'],
    script: "${output1} = FOREACH ${input1} GENERATE name, price * 2, '#{format(@scheduledStartTime, \"YYYY-MM-dd\")}'",
    input: DataFormat.tsv({ columns: ['name', 'price DECIMAL(10, 2)'] }),
    output: DataFormat.csv({ columns: ['name', 'price DECIMAL(10, 2)', 'day'] }),
    written: ['"a, b",3.0,2026-12-01', 'c,20,2026-12-01'],
  },
  'lines are taken apart by a regular expression': {
    lines: ['10.0.0.1 "GET /a;b" 200', '10.0.0.2 "POST /$x" 404', 'nonsense'],
    script: 'A = FILTER ${input1} BY status >= 200;\n${output1} = FOREACH A GENERATE CONCAT(host, CONCAT(\'|\', request)), status - 200;',
    input: DataFormat.regEx({ columns: ['host', 'request', 'status INT'], inputRegEx: '(\\S+) "([^"]*)" (\\d+)$' }),
    written: ['10.0.0.1|GET /a;b\t0', '10.0.0.2|POST /$x\t204'],
  },
  'columns between quotes': {
    lines: ["a'1", "b'2"],
    script: '${output1} = ORDER ${input1} BY n DESC; -- don\'t',
    input: DataFormat.custom({ columns: ['name', 'n BIGINT'], columnSeparator: "'" }),
    output: DataFormat.custom({ columns: ['name', 'n BIGINT'], columnSeparator: ';' }),
    written: ['a;1', 'b;2'],
  },
  'whole lines that a parameter picks, compressed': {
    lines: ['so: (much) [of] it', 'other'],
    script: "${output1} = FILTER ${input1} BY record == '#{sought}'",
    parameters: { sought: 'so: (much) [of] it' },
    compression: S3Compression.GZIP,
    written: ['so: (much) [of] it'],
  },
};

/** Of the case of that number, whose data is below it. */
async function scriptOf(number: number, { script, parameters, input, output, compression }: Case): Promise<string> {
  const scope = pipeline({ parameters: { sought: '' } });
  const activity = new PigActivity(scope, 'Pick', {
    runsOn: new EmrCluster(scope, 'Cluster'),
    script,
    input: [new S3DataNode(scope, 'In', { directoryPath: `s3://data/${number}/in/`, dataFormat: input })],
    output: [new S3DataNode(scope, 'Out', { directoryPath: `s3://data/${number}/out/`, dataFormat: output, compression })],
  });
  return pigScript(activity, parameters);
}

(ready ? describe : describe.skip)('an engine of Pig Latin', () => {
  const bucket = new LocalBucket();

  beforeAll(async () => {
    const scripts: string[] = [];
    for (const [number, each] of Object.values(CASES).entries()) {
      bucket.write(`${number}/in/part`, ...each.lines);
      scripts.push(bucket.here(await scriptOf(number, each)).replace('file:/usr/lib/pig/lib/piggybank.jar', `file:${PIGGYBANK}`));
    }
    const file = join(bucket.scratch, 'all.pig');
    writeFileSync(file, scripts.join('\n'));
    // The reports of tasks need jars that nothing else does.
    const { status, stdout, stderr } = spawnSync('java', [
      '-Dpig.stats.notaskreport=true', '-cp', PIG_CLASSPATH, 'org.apache.pig.Main', '-x', 'local', '-f', file,
    ], { encoding: 'utf8', cwd: bucket.scratch });
    if (status !== 0) throw new Error(stdout + stderr);
  }, 180_000);

  afterAll(() => bucket.remove());

  test.each(Object.entries(CASES).map(([name, each], number) => [name, number, each.written] as const))('%s', (_, number, written) => {
    expect(bucket.lines(`${number}/out`)).toEqual([...written].sort());
  });

  test('compresses what is to be compressed', () => {
    const last = Object.keys(CASES).length - 1;
    expect(bucket.names(`${last}/out`)).toEqual([expect.stringMatching(/\.gz$/)]);
  });
});
