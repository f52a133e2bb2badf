import { Code, isConstruct, Planned, PlannedPipeline } from '../../src/definition/code';

/** A code and all in it, from the outside in. */
export function within(code: Code): Code[] {
  return [code, ...children(code).flatMap(within)];
}

function children(code: Code): readonly Code[] {
  switch (code.kind) {
    case 'list': return code.items;
    case 'template': return code.parts;
    case 'object': return code.props.map(([, value]) => value);
    case 'call': case 'new': return code.args;
    case 'existing': return [code.value];
    default: return [];
  }
}

export function codesOf(planned: Planned): Code[] {
  return isConstruct(planned) ? planned.props.flatMap(([, value]) => within(value)) : within(planned.value);
}

/** All code of a pipeline, its own first. */
export function allCodes({ pipeline, objects }: PlannedPipeline): Code[] {
  return [pipeline, ...objects].flatMap(codesOf);
}

export function references(planned: Planned): string[] {
  return codesOf(planned).flatMap((code) => code.kind === 'object-ref' ? [code.id] : []);
}
