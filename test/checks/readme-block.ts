/** A TypeScript block of a page, as a program of its own. */
import * as path from 'path';
import { App, AppProps } from 'aws-cdk-lib';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..', '..');

export interface Block {
  /** Of its first line in the page. */
  readonly line: number;
  readonly text: string;
}

/** All that stands between lines of ```` ```ts ```` and ```` ``` ````. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(?:ts|typescript)\b.*\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length + 1,
    text: match[1],
  }));
}

/** What the compiler says to the blocks of pages, by the line of the page, and to the library, which they see under its name. */
export function typeErrors(pages: Readonly<Record<string, readonly Block[]>>): string[] {
  const files = new Map(Object.entries(pages).flatMap(([page, blocks]) => (
    blocks.map((block) => [path.join(ROOT, 'test', `${page}-${block.line}.ts`), { page, ...block }] as const)
  )));
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    paths: { 'cdk-data-pipeline': [path.join(ROOT, 'src')] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(path.normalize(name)) || fileExists(name);
  host.readFile = (name) => files.get(path.normalize(name))?.text ?? readFile(name);
  host.getSourceFile = (name, version, ...others) => {
    const block = files.get(path.normalize(name));
    return block ? ts.createSourceFile(name, `${block.text}\nexport {};`, version) : getSourceFile(name, version, ...others);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
  return diagnostics.map((diagnostic) => located(diagnostic, files));
}

function located({ file, start = 0, messageText }: ts.Diagnostic, files: ReadonlyMap<string, Block & { readonly page: string }>): string {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  const block = file && files.get(path.normalize(file.fileName));
  if (!file || !block) return `${file?.fileName ?? 'README.md'}: ${message}`;
  return `${block.page}:${block.line + file.getLineAndCharacterOfPosition(start).line}: ${message}`;
}

/** Runs a block, and synthesizes the apps that it makes. */
export function stacksOf({ text }: Block): string[] {
  const apps: App[] = [];
  class SeenApp extends App {
    constructor(props?: AppProps) {
      super(props);
      apps.push(this);
    }
  }
  const seeing = (name: string): unknown => {
    const library: object = jest.requireActual(name);
    return name === 'aws-cdk-lib' ? new Proxy(library, { get: (target, key) => key === 'App' ? SeenApp : Reflect.get(target, key) as unknown }) : library;
  };
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('require', 'exports', outputText)(seeing, {});
  return apps.flatMap((app) => app.synth().stacksRecursively.map(({ stackName }) => stackName));
}
