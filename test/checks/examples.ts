import * as fs from 'fs';
import * as path from 'path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { EverythingStack } from './everything';
import { EverythingOnHiveStack } from './everything-on-hive';
import { EverythingOnInstancesStack } from './everything-on-instances';
import { ManyStack } from './many';
import { SynthesizedTemplate } from './template';
import { inShare } from '../share';

const FOLDER = path.join(__dirname, '..', '..', 'examples');

/** The console's templates, each a small one. */
const TEMPLATE = /^(run|full-copy|incremental-copy|load|copy)-/;

export interface Example {
  readonly name: string;
  /** Made once for each test file. */
  readonly app: () => App;
  readonly templates: () => SynthesizedTemplate[];
}

/** Every example, and apps that have each construct of the library in every shape that asks for other calls or permissions. */
export const EXAMPLES: readonly Example[] = [
  ...fs.readdirSync(FOLDER)
    .filter((name) => fs.existsSync(path.join(FOLDER, name, 'app.ts')))
    .filter((name, index) => !TEMPLATE.test(name) || inShare(index))
    .map((name) => example(name, () => exampleApp(name))),
  example('(many)', () => appOf(ManyStack)),
  example('(everything)', () => appOf(EverythingStack)),
  example('(everything on Hive)', () => appOf(EverythingOnHiveStack)),
  example('(everything on instances)', () => appOf(EverythingOnInstancesStack)),
];

function example(name: string, make: () => App): Example {
  let made: App | undefined;
  const app = () => made ??= make();
  const templates = () => app().synth().stacksRecursively.map(({ template, assembly }) => new SynthesizedTemplate(template, assembly.directory));
  return { name, app, templates };
}

/** An example's `app.ts` makes its app when it is loaded. */
function exampleApp(name: string): App {
  const apps: App[] = [];
  class SeenApp extends App {
    constructor(props?: AppProps) {
      super(props);
      apps.push(this);
    }
  }
  const library: object = jest.requireActual('aws-cdk-lib');
  const exported = (value: typeof App) => Object.defineProperty(library, 'App', { value, configurable: true, enumerable: true });
  exported(SeenApp);
  jest.requireActual(path.join(FOLDER, name, 'app'));
  exported(App);
  if (apps.length !== 1) throw new Error(`examples/${name}/app.ts: makes ${apps.length} apps when it is loaded; it must make one`);
  return apps[0];
}

function appOf(stack: new (scope: App, id: string) => Stack): App {
  const app = new App();
  new stack(app, 'Everything');
  return app;
}
