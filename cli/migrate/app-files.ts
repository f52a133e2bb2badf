/** The files of a CDK app with a stack for each pipeline. */
import { PipelineFile, pipelineFile } from './pipeline-file';
import { PlannedPipeline } from '../../src/definition/code';

export interface AppFile {
  readonly path: string;
  readonly text: string;
}

export interface AppPipeline extends PipelineFile {
  /** Of the file, without its ending. */
  readonly fileName: string;
  /** Of the stack in the app. */
  readonly stackId: string;
  readonly plan: PlannedPipeline;
}

/** Versions that the app depends on. */
export interface Versions {
  readonly cdk: string;
  readonly constructs: string;
  /** Of cdk-data-pipeline: a range of versions or where it is, as npm takes it. */
  readonly library: string;
}

export function appFiles(pipelines: readonly AppPipeline[], versions: Versions): AppFile[] {
  return [
    { path: 'bin/app.ts', text: appText(pipelines) },
    ...pipelines.map((pipeline) => ({ path: `lib/${pipeline.fileName}.ts`, text: pipelineFile(pipeline.plan, pipeline) })),
    { path: 'package.json', text: json(packageOf(versions)) },
    { path: 'cdk.json', text: json({ app: 'npx tsx bin/app.ts' }) },
    { path: 'tsconfig.json', text: json(COMPILER) },
    { path: '.gitignore', text: ['node_modules/', 'cdk.out/', ''].join('\n') },
  ];
}

function appText(pipelines: readonly AppPipeline[]): string {
  return [
    "import { App } from 'aws-cdk-lib';",
    ...pipelines.map(({ className, fileName }) => `import { ${className} } from '../lib/${fileName}';`),
    '',
    'const app = new App();',
    ...pipelines.map(({ className, stackId }) => `new ${className}(app, '${stackId}');`),
    '',
  ].join('\n');
}

function packageOf({ cdk, constructs, library }: Versions): object {
  return {
    name: 'migrated-pipelines',
    version: '1.0.0',
    private: true,
    scripts: { build: 'tsc', synth: 'cdk synth', deploy: 'cdk deploy --all' },
    dependencies: { 'aws-cdk-lib': cdk, 'cdk-data-pipeline': library, constructs },
    devDependencies: { '@types/node': '^20', 'aws-cdk': '^2', 'tsx': '^4', 'typescript': '^5 || ^6' },
  };
}

const COMPILER = {
  compilerOptions: {
    target: 'ES2022',
    module: 'node16',
    moduleResolution: 'node16',
    strict: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  },
  include: ['bin', 'lib'],
};

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
