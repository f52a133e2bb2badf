import { Construct, IConstruct } from 'constructs';
import { DefinitionError } from './errors';
import { pipelineOf } from './pipeline-of';

interface Child { readonly parent?: Construct }
/** A class: what is an instance of it is of the same kind. */
type Kind = abstract new (...args: never[]) => Construct;

/** What objects have been given, and have from their parents in turn: by their scopes, and by their ids in these. */
const GIVEN = new WeakMap<IConstruct, Map<string, object>>();

/**
 * An object's props, with its parent's where it leaves them out. What the parent is given later, or what stands by default, is no
 * prop of it; and a precondition guards one object, so that children have their own.
 *
 * @throws DefinitionError unless the parent is of the same kind, in the same pipeline
 */
export function inherited<T extends Child>(scope: Construct, id: string, kind: Kind, props: T): T {
  const { parent } = props;
  if (parent) checkParent(`${scope.node.path}/${id}`, scope, kind, parent);
  const { preconditions, ...theirs } = (parent ? GIVEN.get(parent.node.scope!)?.get(parent.node.id) ?? {} : {}) as { preconditions?: unknown };
  const own = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  const all = { ...theirs, ...own } as T;
  GIVEN.set(scope, (GIVEN.get(scope) ?? new Map<string, object>()).set(id, all));
  return all;
}

function checkParent(path: string, scope: Construct, kind: Kind, parent: Construct): void {
  if (!((parent as IConstruct) instanceof kind)) {
    throw new DefinitionError(path, 'parent', `is an object of the same kind; got: ${parent.node.path}, which is no ${kind.name}; give one, or leave it out`);
  }
  const pipeline = pipelineOf(scope);
  if (pipelineOf(parent) === pipeline) return;
  throw new DefinitionError(path, 'parent', `belongs to another pipeline; got: ${parent.node.path}, not in ${pipeline.node.path}; give one of this pipeline`);
}
