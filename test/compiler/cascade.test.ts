import { folder } from './fixture';
import { InstanceRun } from './instance-run';
import { FailureAndRerunMode, Pipeline } from '../../src';
import { compileRerunGraph } from '../../src/compiler/compile';

/** `A` on an instance writes `Out`, and `B` elsewhere comes after `A`. */
function run(failureAndRerunMode: FailureAndRerunMode | undefined, goes: 'not launched' | 'failing'): { readonly it: InstanceRun; readonly scope: Pipeline } {
  let scope!: Pipeline;
  const it = new InstanceRun({
    instance: { maximumRetries: 0, failureAndRerunMode },
    activities: (all) => {
      scope = all.scope;
      all.elsewhere('B', { dependsOn: [all.add('A', { maximumRetries: 0, output: [folder(all.scope, 'Out')] })] });
    },
    ...goes === 'failing' ? { failure: () => 'exit code 1' } : { launch: () => ({ failure: 'We currently do not have sufficient capacity' }) },
  });
  return { it, scope };
}

const WAITING = { status: 'WAITING_ON_DEPENDENCIES' };
const CASCADE_FAILED = { status: 'CASCADE_FAILED' };

test('an instance that cannot be launched cascades to the consumers of what is CANCELED for want of it, if its mode says so', async () => {
  const canceled = { Host: { status: 'FAILED' }, A: { status: 'CANCELED' } };
  expect(await run(FailureAndRerunMode.CASCADE, 'not launched').it.objects()).toMatchObject({ ...canceled, B: CASCADE_FAILED, Out: CASCADE_FAILED });
  expect(await run(undefined, 'not launched').it.objects()).toMatchObject({ ...canceled, B: WAITING, Out: WAITING });
});

test('a failure of the activity itself goes by the mode of its own', async () => {
  expect(await run(FailureAndRerunMode.CASCADE, 'failing').it.objects()).toMatchObject({ A: { status: 'FAILED' }, B: WAITING, Out: WAITING });
});

test('a rerun of what ran on it goes on to what is CASCADE_FAILED with it', () => {
  const cascading = (mode?: FailureAndRerunMode) => compileRerunGraph(run(mode, 'failing').scope._runs).units.filter(({ cascade }) => cascade).map(({ id }) => id);
  expect([cascading(FailureAndRerunMode.CASCADE), cascading()]).toEqual([['A'], []]);
});
