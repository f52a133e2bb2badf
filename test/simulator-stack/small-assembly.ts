import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { VirtualClock } from '../../simulator/clock';
import { S3Store } from '../../simulator/servers/s3-store';
import { SimulatedStack, SimulatedStackOptions } from '../../simulator/stack/simulated-stack';
import { TemplateResource } from '../../simulator/stack/template';
import { Json } from '../../simulator/task';

export interface SmallAssembly {
  readonly resources: Record<string, TemplateResource>;
  readonly parameters?: Record<string, { Default?: Json }>;
  /** By path: uploaded as `<path>`, folders as `<path>.zip`. */
  readonly files?: Record<string, string>;
  readonly folders?: readonly string[];
}

export const START = Date.UTC(2026, 11, 1);
const folders: string[] = [];

export function removeAssemblies(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** A cloud assembly of one stack, `Small`, written by hand. */
export function written({ resources, parameters, files = {}, folders: zipped = [] }: SmallAssembly): string {
  const folder = mkdtempSync(join(tmpdir(), 'small-assembly-'));
  folders.push(folder);
  const asset = (path: string, packaging: string, objectKey: string) => ({
    source: { path, packaging }, destinations: { here: { bucketName: 'assets-${AWS::AccountId}-${AWS::Region}', objectKey } },
  });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('manifest.json', JSON.stringify({ artifacts: { Small: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Small.template.json' } } } }));
  write('Small.template.json', JSON.stringify({ Parameters: parameters, Resources: resources }));
  const single = Object.keys(files).filter(path => !zipped.some(each => path.startsWith(`${each}/`)));
  const assets = [...single.map(path => asset(path, 'file', path)), ...zipped.map(path => asset(path, 'zip', `${path}.zip`))];
  write('Small.assets.json', JSON.stringify({ files: Object.fromEntries(assets.map((each, index) => [index, each])) }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  return folder;
}

export interface Loaded {
  readonly stack: SimulatedStack;
  readonly clock: VirtualClock;
}

export async function loaded(assembly: SmallAssembly, options: Partial<SimulatedStackOptions> = {}): Promise<Loaded> {
  const folder = written(assembly);
  const clock = new VirtualClock(START);
  const store = new S3Store(join(folder, 's3'));
  return { stack: await SimulatedStack.load({ assembly: folder, clock, store, ...options }), clock };
}

/** A JSONata machine of one state. */
export function machine(state: Json, properties: { [name: string]: Json } = {}): TemplateResource {
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: state } }), ...properties },
  };
}

export const SUCCEED: Json = { Type: 'Succeed' };
