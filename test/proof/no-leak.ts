import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { FaultKind, Scenario, traceText } from '../../cli/scenario';
import { withAssembly } from '../../cli/simulated-pipeline';
import { trace } from '../../cli/traced-run';
import { build, PipelineSpec } from '../compiler/random-pipeline';

/** As many faults and stops to a pipeline as it takes to make its synthesis worth while. */
const EACH = 10;

const kinds = fc.constantFrom<FaultKind>('refused', 'refused', 'lost', 'lost', 'down', 'hangs', 'surfaces late', 'cluster dies', 'instance dies');
/** A moment is a part of what an undisturbed run does. */
const moment = fc.double({ min: 0, max: 1, noNaN: true });
const disturbance = fc.record({
  faults: fc.array(fc.record({ moment, kind: kinds }), { maxLength: 3 }),
  stop: fc.option(moment, { nil: undefined, freq: 3 }),
  /** EventBridge tells of the end of the run more than once: as many reapers work side by side. */
  eventDeliveries: fc.constantFrom(1, 1, 2, 3),
});

/** Expects that nothing is left 15 minutes after the end, of so many cases; says how many of them were stopped. */
export async function expectNoLeak(specs: fc.Arbitrary<PipelineSpec>, most: number, seed: number): Promise<{ cases: number; stopped: number }> {
  let [cases, stopped] = [0, 0];
  await fc.assert(fc.asyncProperty(specs, fc.array(disturbance, { minLength: EACH, maxLength: EACH }), async (spec, disturbances) => {
    const { pipeline } = build(spec);
    const { directory } = (Stack.of(pipeline).node.root as App).synth();
    await withAssembly(directory, undefined, async (assembly, store) => {
      const subject = { assembly, store, seed: 1 };
      const { events } = await trace(subject, { faults: [] });
      for (const { faults, stop, eventDeliveries } of disturbances) {
        const at = (part: number) => 1 + Math.floor(part * (events.length - 1));
        const scenario: Scenario = {
          faults: faults.map((fault) => ({ at: at(fault.moment), kind: fault.kind })),
          stop: stop === undefined ? undefined : at(stop),
          eventDeliveries,
        };
        const traced = await trace(subject, scenario);
        expect(traced.left.length ? traceText(traced) : 'nothing left').toBe('nothing left');
        cases += 1;
        stopped += Number(stop !== undefined);
      }
    });
    rmSync(directory, { recursive: true });
  }), { numRuns: Math.ceil(most / EACH), seed });
  return { cases, stopped };
}
