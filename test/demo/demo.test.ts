import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// Lambda functions' bundles leave out the AWS SDK, as Lambda has it: they must find this package's.
const OUTPUTS = join(__dirname, '../../cdk.out');
const MAIN = join(__dirname, '../../examples/hourly-log-etl/demo/main.ts');

/** `awk`, but the first line that it writes has another number at its end. */
const TAMPERED_AWK = `#!/bin/sh
PATH="\${PATH#*${delimiter}}"
awk "$@" | sed '1s/[0-9]*$/987654321/'
`;

let folder: string;

beforeEach(() => {
  mkdirSync(OUTPUTS, { recursive: true });
  folder = mkdtempSync(join(OUTPUTS, 'demo-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the demo in a folder of its own. */
async function demo(path = process.env.PATH): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [require.resolve('tsx/cli'), MAIN], { cwd: folder, env: { ...process.env, PATH: path } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { output += chunk; });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { code, output };
}

test('three hours run to their end, and the rows are those that the logs imply', async () => {
  const { code, output } = await demo();
  expect(output).toContain('The rows are those that the logs imply.');
  expect(output).toMatch(/^09:00 {2}LogsWaiting {4}FINISHED {2}[2-9] /m);
  expect(output).toMatch(/^10:00 {2}Transform {6}FINISHED {2}2 /m);
  expect(output.match(/^\d\d:00 {2}\w+ +FINISHED {2}\d+ /gm)).toHaveLength(27);
  expect(output).toMatch(/^2026-12-01 10:00:00 {2}\d+ +3000$/m);
  expect(existsSync(join(folder, 'demo.out/plant/logs/access-2026120109.log'))).toBe(true);
  expect(code).toBe(0);
}, 120_000);

test('a row that is tampered with on its way is found, and ends the demo non-zero', async () => {
  writeFileSync(join(folder, 'awk'), TAMPERED_AWK);
  chmodSync(join(folder, 'awk'), 0o755);
  const { code, output } = await demo(`${folder}${delimiter}${process.env.PATH}`);
  expect(output).toMatch(/^WRONG: row \(.*987654321\) should be \(/m);
  expect(code).toBe(1);
}, 120_000);
