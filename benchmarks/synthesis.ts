import { App } from 'aws-cdk-lib';
import { flowOf } from './by-hand';
import { Order } from './orders';
import { pipelineOf } from './pipelines';
import { compile } from '../src/compiler/compile';

export interface Synthesis {
  /** Milliseconds, of the passes of the compiler alone. */
  readonly compile: number;
  /** Milliseconds, of constructs and synthesis; undefined where what comes of it is refused as too large. */
  readonly library?: number;
  readonly byHand: number;
}

export function synthesisOf(order: Order): Synthesis {
  const pipeline = pipelineOf(order);
  return {
    compile: milliseconds(() => compile(pipeline._runs)),
    library: unlessRefused(() => milliseconds(() => synthesized((app) => pipelineOf(order, app)))),
    byHand: milliseconds(() => synthesized((app) => flowOf(order, app))),
  };
}

function synthesized(make: (app: App) => unknown): void {
  const app = new App({ treeMetadata: false });
  make(app);
  app.synth();
}

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.message.includes('that one state machine takes')) return undefined;
    throw error;
  }
}

/** The shortest of three, or the only one where it takes long. */
function milliseconds(work: () => unknown): number {
  const once = () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const first = once();
  return first > 2000 ? first : Math.min(first, once(), once());
}

/** The exponent with which times grow from the one size to the other. */
export function growth([small, large]: readonly [number, number], [before, after]: readonly [number, number]): number {
  return Math.log(after / before) / Math.log(large / small);
}
