import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

const OUTPUTS = join(__dirname, '../../cdk.out');

export interface Synthesized {
  readonly folder: string;
  readonly remove: () => void;
}

/** Synthesizes a stack; `remove` its folder afterwards. */
export function assemblyOf(Type: new (app: App, id: string) => Stack): Synthesized {
  mkdirSync(OUTPUTS, { recursive: true });
  const folder = mkdtempSync(join(OUTPUTS, 'cli-test-'));
  const app = new App({ outdir: folder });
  new Type(app, 'Stack');
  app.synth();
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
