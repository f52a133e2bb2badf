import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs the CDK app, as the CDK's command would; returns the folder of its cloud assembly. */
export function synthesize(folder: string): string {
  const assembly = join(folder, 'cdk.out');
  const arguments_ = [require.resolve('tsx/cli'), '--tsconfig', join(__dirname, '../../tsconfig.json'), join(__dirname, '../app.ts')];
  const { status } = spawnSync(process.execPath, arguments_, { env: { ...process.env, CDK_OUTDIR: assembly }, stdio: 'inherit' });
  if (status !== 0) throw new Error('the app does not synthesize');
  return assembly;
}
