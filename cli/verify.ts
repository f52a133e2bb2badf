import { Command, Option } from 'commander';
import { assemblyCommand, AssemblyOptions, print } from './plan';
import { traceText } from './scenario';
import { whole } from './simulate';
import { withAssembly } from './simulated-pipeline';
import { Bounds, Verification, verification } from './verification';

export interface VerifyOptions extends AssemblyOptions {
  readonly faults: '1' | '2';
  readonly limit: number;
  readonly seed: number;
}

export function verifyCommand(): Command {
  return assemblyCommand('verify', 'disturbs a run in every way, and looks for what it leaves behind: exits 1 where it finds something')
    .addOption(new Option('--faults <count>', 'faults in one run at most').choices(['1', '2']).default('1'))
    .option('--limit <count>', 'traces at most; of more, so many are drawn', whole, 10_000)
    .option('--seed <number>', 'of how long things take, and of what is drawn', whole, 1)
    .action(async (folder: string, options: VerifyOptions) => {
      const result = await verify(folder, options);
      print(result, (found) => verificationText(found, options.seed), options);
      if (result.leak) process.exitCode = 1;
    });
}

export function verify(folder: string, { faults, limit, seed, stack, pipeline }: VerifyOptions): Promise<Verification> {
  const bounds: Bounds = { faults: faults === '2' ? 2 : 1, limit };
  return withAssembly(folder, stack, (assembly, store) => verification({ assembly, store, pipeline, seed }, bounds));
}

export function verificationText({ traces, possible, leak }: Verification, seed: number): string {
  if (leak) return `${traceText(leak)}\n\nThis trace leaks, after ${traces - 1} that do not.`;
  const drawn = possible > traces ? ` of ${possible}, drawn by seed ${seed}` : '';
  return `${traces} traces${drawn}: 0 leaks`;
}
