/** Synthesizes every example into cdk.out/<example>/. */
import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const root = path.join(__dirname, '..');
const examples = fs.readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => fs.existsSync(path.join(__dirname, entry.name, 'app.ts')))
  .map((entry) => entry.name);

for (const example of examples) {
  const outdir = path.join(root, 'cdk.out', example);
  fs.rmSync(outdir, { recursive: true, force: true });
  const { status } = spawnSync('tsx', ['--tsconfig', path.join(__dirname, 'tsconfig.json'), path.join(__dirname, example, 'app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`the example ${example} does not synthesize`);
  console.log(`${example} -> ${path.relative(root, outdir)}`);
}
