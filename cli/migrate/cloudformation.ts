/** The pipelines of a CloudFormation template, as trees that a definition is read from. */
import { Intrinsics, textOf } from './intrinsics';
import { entryOf, Tree } from '../../src/definition/tree';

export interface NamedTree {
  readonly name: string;
  readonly tree: Tree;
}

export function isTemplate(tree: Tree): boolean {
  return entryOf(tree, 'Resources')?.value.kind === 'map';
}

export function pipelinesOfTemplate(template: Tree): NamedTree[] {
  const resources = entryOf(template, 'Resources')?.value;
  return (resources?.kind === 'map' ? resources.entries : [])
    .filter(({ value }) => textOf(entryOf(value, 'Type')?.value) === 'AWS::DataPipeline::Pipeline')
    .map(({ key, value }) => pipelineOf(key, entryOf(value, 'Properties')?.value ?? value, new Intrinsics(template)));
}

/** The pipeline's name may be an intrinsic; then it goes by its logical id. */
function pipelineOf(logicalId: string, properties: Tree, intrinsics: Intrinsics): NamedTree {
  const name = textOf(entryOf(properties, 'Name')?.value) ?? logicalId;
  const resolved = intrinsics.resolve(without(properties, 'Name'));
  return { name, tree: withParameters(resolved, intrinsics.parameterObjects()) };
}

function without(tree: Tree, name: string): Tree {
  return tree.kind === 'map' ? { ...tree, entries: tree.entries.filter(({ key }) => key !== name) } : tree;
}

function withParameters(tree: Tree, added: readonly Tree[]): Tree {
  if (tree.kind !== 'map') return tree;
  const own = entryOf(tree, 'ParameterObjects')?.value;
  const items = [...own?.kind === 'list' ? own.items : [], ...added];
  const others = tree.entries.filter(({ key }) => key !== 'ParameterObjects');
  return { ...tree, entries: [...others, { key: 'ParameterObjects', at: tree.at, value: { kind: 'list', at: tree.at, items } }] };
}
