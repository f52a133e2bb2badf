/** The pipelines in the output of `terraform show -json`: of a state or a plan, in modules, too. */
import { NamedTree } from './cloudformation';
import { textOf } from './intrinsics';
import { entryOf, Tree } from '../../src/definition/tree';

const TYPE = 'aws_datapipeline_pipeline_definition';
/** Its names for what a definition has. */
const KEYS: Readonly<Record<string, string>> = {
  pipeline_object: 'objects',
  parameter_object: 'parameters',
  parameter_value: 'values',
  field: 'fields',
  attribute: 'attributes',
  string_value: 'stringValue',
  ref_value: 'refValue',
};

export function isTerraform(tree: Tree): boolean {
  return modulesOf(tree).length > 0;
}

export function pipelinesOfTerraform(tree: Tree): NamedTree[] {
  return modulesOf(tree).flatMap(resourcesIn).filter((resource) => textOf(entryOf(resource, 'type')?.value) === TYPE).map((resource) => ({
    name: textOf(entryOf(resource, 'name')?.value) ?? 'pipeline',
    tree: renamed(entryOf(resource, 'values')?.value ?? resource),
  }));
}

function modulesOf(tree: Tree): Tree[] {
  const values = entryOf(tree, 'planned_values', 'values')?.value;
  const root = entryOf(values, 'root_module')?.value;
  return root ? [root] : [];
}

function resourcesIn(module: Tree): Tree[] {
  return [...listOf(module, 'resources'), ...listOf(module, 'child_modules').flatMap(resourcesIn)];
}

function listOf(tree: Tree, key: string): readonly Tree[] {
  const list = entryOf(tree, key)?.value;
  return list?.kind === 'list' ? list.items : [];
}

/** Of a text and a reference, the one that is not given is empty; the provider's own id is none of the definition. */
function renamed(tree: Tree): Tree {
  if (tree.kind === 'list') return { ...tree, items: tree.items.map(renamed) };
  if (tree.kind !== 'map') return tree;
  const given = tree.entries.filter(({ key, value }) => !['string_value', 'ref_value'].includes(key) || ((textOf(value) ?? '') !== ''));
  return { ...tree, entries: given.map((entry) => ({ ...entry, key: KEYS[entry.key] ?? entry.key, value: renamed(entry.value) })) };
}
