import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Role } from 'aws-cdk-lib/aws-iam';
import { stepArguments } from './step-arguments';
import { EmrActivity, EmrCluster, EmrStep } from '../../src';
import { RUN_SCRIPT } from '../../src/activities/cluster-work';
import { argumentField, StepArgument } from '../../src/compiler/step-argument';
import { TextRenderer } from '../../src/compiler/text';
import { EmrWork } from '../../src/compiler/work';
import { folder, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const DATA = 'arn:aws:s3:::data';

describe('an activity on a cluster', () => {
  function steps(...list: EmrStep[]): EmrWork['steps'] {
    const scope = pipeline();
    return (new EmrActivity(scope, 'A', { runsOn: new EmrCluster(scope, 'Cluster'), steps: list })._work() as EmrWork).steps;
  }

  const command = (step: EmrStep) => {
    const [{ jar, args }] = steps(step);
    return [jar, ...args as StepArgument[]].map((argument) => argumentField(new TextRenderer(), argument));
  };

  test('lets the cluster read its input, and commit its output', () => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster');
    new EmrActivity(scope, 'A', { runsOn: cluster, steps: [EmrStep.command(['ls'])], input: [folder(scope, 'Raw')], output: [folder(scope, 'Out')] });
    expect(granted(cluster.resourceRole as Role).filter((line) => line.includes(`${DATA}/`))).toEqual([
      `s3:AbortMultipartUpload ${DATA}/Out/*`, `s3:DeleteObject ${DATA}/Out/*`, `s3:GetObject ${DATA}/Out/*`, `s3:GetObject ${DATA}/Raw/*`, `s3:PutObject ${DATA}/Out/*`,
    ]);
  });

  test('submits to Spark', () => {
    expect(command(EmrStep.sparkSubmit({ entryPoint: 's3://code/a.jar', className: 'Main', conf: { 'spark.x': 'y' }, arguments: ['-v', '1'] }))).toEqual(
      ['command-runner.jar', 'spark-submit', '--deploy-mode', 'cluster', '--class', 'Main', '--conf', 'spark.x=y', 's3://code/a.jar', '-v', '1']);
  });

  test('streams through Hadoop, its options before those of the job', () => {
    const streaming = { mapper: 'awk -f m.awk', input: ['s3://data/a/', 's3://data/b/'], output: 's3://data/out/' };
    expect(command(EmrStep.hadoopStreaming({ ...streaming, reducer: 'uniq -c', files: ['s3://code/m.awk', 's3://code/r.awk#r'], properties: { p: 'v' } }))).toEqual([
      'command-runner.jar', 'hadoop-streaming', '-files', 's3://code/m.awk,s3://code/r.awk#r', '-D', 'p=v',
      '-mapper', 'awk -f m.awk', '-reducer', 'uniq -c', '-input', 's3://data/a/', '-input', 's3://data/b/', '-output', 's3://data/out/',
    ]);
    expect(command(EmrStep.hadoopStreaming(streaming))).toEqual([
      'command-runner.jar', 'hadoop-streaming', '-D', 'mapreduce.job.reduces=0',
      '-mapper', 'awk -f m.awk', '-input', 's3://data/a/', '-input', 's3://data/b/', '-output', 's3://data/out/',
    ]);
  });

  test.each<[string, string[]]>([
    ['s3://code/a.jar', ['s3://code/a.jar']],
    ['s3://code/a.jar,-v,,1', ['s3://code/a.jar', '-v', '', '1']],
    ['runner.jar,echo.sh,a\\\\,b\\\\,c', ['runner.jar', 'echo.sh', 'a,b,c']],
    ['a.jar,b\\,c', ['a.jar', 'b,c']],
    ['a.jar,File\\\\.gz,File\\.gz', ['a.jar', 'File\\.gz', 'File\\.gz']],
  ])('reads the step %s', (text, expected) => {
    expect(command(EmrStep.fromString(text))).toEqual(expected);
  });

  test('leaves the commas of expressions in a step to them', () => {
    expect(command(EmrStep.fromString("a.jar,#{format(@scheduledStartTime,'YYYY-MM-dd')},b"))).toEqual(['a.jar', expect.stringMatching(/^\{% .* %\}$/s), 'b']);
  });

  test('names its steps after itself, numbered where there are more than one', () => {
    expect(steps(EmrStep.command(['ls'])).map(({ name }) => name)).toEqual(['A']);
    expect(steps(EmrStep.command(['ls']), EmrStep.jar({ jar: 'a.jar' })).map(({ name }) => name)).toEqual(['A: step 1', 'A: step 2']);
  });

  test('runs commands and scripts before and after its steps, in each attempt', async () => {
    const scope = pipeline({ parameters: { dir: 'a' } });
    const activity = new EmrActivity(scope, 'A', {
      runsOn: new EmrCluster(scope, 'Cluster'),
      steps: [EmrStep.command(['work'])],
      preStepCommand: ['mkdir /tmp/#{dir}', 'true'],
      postStepCommand: ['rm -r /tmp/#{dir}'],
      preActivityTaskConfig: { scriptUri: 's3://code/before.sh', scriptArgument: ['#{dir}'] },
      postActivityTaskConfig: { scriptUri: 's3://code/after.sh' },
    });
    const ran = await stepArguments(activity, { dir: 'b' });
    expect(ran.map(([program, flag, text, ...rest]) => flag === '-c' && rest.length ? [program, ...rest] : [program, flag, text])).toEqual([
      ['bash', 's3://code/before.sh', 'b'], ['bash', '-c', 'mkdir /tmp/b'], ['bash', '-c', 'true'], ['work', undefined, undefined],
      ['bash', '-c', 'rm -r /tmp/b'], ['bash', 's3://code/after.sh'],
    ]);
    for (const hostile of ['b; reboot', '$(reboot)', '`reboot`', "b' '", 'b c', '*', 'b\nreboot', '~', '&', '|', '>x', '#']) {
      await expect(stepArguments(activity, { dir: hostile }).then((all) => all[1])).rejects.toThrow('has characters that a value may not have');
    }
  });

  test('may read its scripts', () => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster');
    new EmrActivity(scope, 'A', { runsOn: cluster, steps: [EmrStep.command(['ls'])], preActivityTaskConfig: { scriptUri: 's3://code/before.sh' } });
    expect(granted(cluster.resourceRole as Role)).toContain('s3:GetObject arn:aws:s3:::code/before.sh');
  });

  test('runs a script with its arguments as they are, whether it names its interpreter or not', () => {
    const home = mkdtempSync(join(tmpdir(), 'script-'));
    writeFileSync(join(home, 'aws'), '#!/bin/sh\n[ "$1 $2 $3 $4" = "s3 cp --only-show-errors s3://code/it\'s.sh" ] && cp "$SCRIPT" "$5"\n', { mode: 0o755 });
    try {
      for (const first of ['#!/bin/sh\n', '']) {
        writeFileSync(join(home, 'script'), `${first}for each in "$@"; do printf '<%s>' "$each"; done; exit 3`);
        const env = { PATH: `${home}:${process.env.PATH}`, SCRIPT: join(home, 'script'), TMPDIR: home };
        const { stdout, status } = spawnSync('bash', ['-c', RUN_SCRIPT, "s3://code/it's.sh", 'a b', '$(reboot)', '"'], { env, encoding: 'utf8' });
        expect([stdout, status]).toEqual(['<a b><$(reboot)><">', 3]);
      }
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test.each([['preStepCommand', { preStepCommand: [' '] }], ['postStepCommand', { postStepCommand: [''] }]])('refuses an empty %s', (prop, props) => {
    const scope = pipeline();
    const make = () => new EmrActivity(scope, 'A', { runsOn: new EmrCluster(scope, 'Cluster'), steps: [EmrStep.command(['ls'])], ...props });
    expect(make).toThrow(`Stack/P/A: ${prop}: is empty; got: "${Object.values(props)[0][0]}"; give a command for bash`);
  });
});
