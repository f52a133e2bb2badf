/** The files that pipelines are migrated from: definitions in whatever form, alone, in folders, several in a file. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { isTemplate, NamedTree, pipelinesOfTemplate } from './cloudformation';
import { textOf } from './intrinsics';
import { isTerraform, pipelinesOfTerraform } from './terraform';
import { readYaml } from './yaml';
import type { ParameterValues } from '../../src/contract/parameters';
import type { Definition } from '../../src/definition/definition';
import { readJson } from '../../src/definition/json';
import { describe, errorsOf, Problem } from '../../src/definition/problem';
import { definitionOf, parameterValuesOf } from '../../src/definition/read';
import { entryOf, Read, Tree } from '../../src/definition/tree';
import { OperationError } from '../account';

export interface MigrationInput {
  /** What the pipeline is called. */
  readonly name: string;
  readonly file: string;
  readonly definition: Definition;
  readonly problems: readonly Problem[];
}

export interface Inputs {
  readonly inputs: readonly MigrationInput[];
  /** Files of a folder that hold no definition. */
  readonly others: readonly string[];
}

const OBJECTS = ['objects', 'pipelineObjects', 'PipelineObjects'];
const YAML = ['.yaml', '.yml'];

/** @throws OperationError for a file that is not there, or is given and holds no definition */
export function readInputs(paths: readonly string[]): Inputs {
  const files = paths.flatMap(filesIn).map((file) => ({ file, ...readTree(file) }));
  const names = new Map(files.flatMap(({ value }) => namesOf(value)));
  const inputs = files.flatMap(({ file, value, problems }) => errorsOf(problems).length > 0 ? [unread(file, problems)]
    : pipelinesIn(value, file, names).map(({ name, tree }) => inputOf(name, file, tree)));
  const others = files.map(({ file }) => file).filter((file) => !inputs.some((input) => input.file === file));
  const useless = files.find(({ file, value }) => paths.includes(file) && others.includes(file) && namesOf(value).length === 0)?.file;
  if (useless !== undefined) throw new OperationError(`${useless}: holds no definition: no "objects", and no AWS::DataPipeline::Pipeline`);
  if (inputs.length === 0) throw new OperationError(`${paths.join(', ')}: there is no definition of a pipeline`);
  return { inputs, others };
}

/** Values of parameters: `{ "values": { ... } }`, as `put-pipeline-definition` takes them, or the values alone. */
export function readValues(file: string): ParameterValues {
  const tree = readTree(file);
  const { value, problems } = parameterValuesOf(tree.value);
  const [problem] = [...tree.problems, ...problems];
  if (problem) throw new OperationError(`${file}:${describe(problem)}`);
  return Object.fromEntries(value);
}

function filesIn(path: string): string[] {
  const { isFolder, exists } = kindOf(path);
  if (!exists) throw new OperationError(`${path}: there is no such file`);
  if (!isFolder) return [path];
  const inside = readdirSync(path, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'));
  return inside.sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap((entry) => entry.isDirectory() ? filesIn(join(path, entry.name)) : ['.json', ...YAML].includes(extname(entry.name)) ? [join(path, entry.name)] : []);
}

function kindOf(path: string): { isFolder: boolean; exists: boolean } {
  const stat = statSync(path, { throwIfNoEntry: false });
  return { isFolder: stat?.isDirectory() ?? false, exists: stat !== undefined };
}

function readTree(file: string): Read<Tree> {
  const text = readFileSync(file, 'utf8');
  return YAML.includes(extname(file)) ? readYaml(text) : readJson(text);
}

/** A file that is no JSON and no YAML, or too large. */
function unread(file: string, problems: readonly Problem[]): MigrationInput {
  return { name: basename(file, extname(file)), file, problems, definition: { objects: [], parameters: [], values: new Map() } };
}

function pipelinesIn(tree: Tree, file: string, names: ReadonlyMap<string, string>): NamedTree[] {
  if (isTemplate(tree)) return pipelinesOfTemplate(tree);
  if (isTerraform(tree)) return pipelinesOfTerraform(tree);
  const title = basename(file, extname(file));
  return entryOf(tree, ...OBJECTS) ? [{ name: names.get(title) ?? title, tree }] : [];
}

/** Names by ids, in the outputs of `list-pipelines` and `describe-pipelines`: `get-pipeline-definition` has none. */
function namesOf(tree: Tree): Array<[string, string]> {
  const list = entryOf(tree, 'pipelineIdList', 'pipelineDescriptionList')?.value;
  return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
    const [id, name] = [textOf(entryOf(item, 'id', 'pipelineId')?.value), textOf(entryOf(item, 'name')?.value)];
    return id !== undefined && name !== undefined ? [[id, name] as [string, string]] : [];
  });
}

function inputOf(name: string, file: string, tree: Tree): MigrationInput {
  const { value: definition, problems } = definitionOf(tree);
  return { name, file, definition, problems };
}
