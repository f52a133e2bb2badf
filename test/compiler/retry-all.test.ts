import fc from 'fast-check';
import { ClusterRun, MINUTE } from './cluster-run';
import { ActionOnResourceFailure, Activity, EmrActivity, EmrCluster, EmrStep } from '../../src';

const COUNT = 7;

const work = fc.record({ elsewhere: fc.nat(4).map((each) => each === 0), minutes: fc.integer({ min: 1, max: 15 }) });

/** Activities, some of them on a cluster of their own; and when the cluster of the others dies, in minutes. */
const worlds = fc.record({
  works: fc.array(work, { minLength: 2, maxLength: COUNT }),
  after: fc.uniqueArray(fc.tuple(fc.nat(COUNT), fc.nat(COUNT)).filter(([a, b]) => a < b), { maxLength: 9, selector: String }),
  deaths: fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 3 }),
});

/** How many of what came before had been done on another cluster: else the test would say nothing. */
let repeated = 0;

test('whenever a cluster with RETRY_ALL dies, no step runs on another before all that it comes after has run there', async () => {
  await fc.assert(fc.asyncProperty(worlds, async ({ works, after, deaths }) => {
    const idOf = (index: number) => `W${index}`;
    const before = works.map((_, index) => after.filter(([, second]) => second === index).map(([first]) => first));
    const earlier = (index: number): number[] => [...new Set(before[index].flatMap((each) => [each, ...earlier(each)]))];
    const done = new Map<string, Set<string>>();
    const missing: string[] = [];
    const run: ClusterRun = new ClusterRun({
      cluster: { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL, maximumRetries: 5 },
      more: (scope, cluster) => {
        const activities: Activity[] = [];
        works.forEach(({ elsewhere }, index) => activities.push(new EmrActivity(scope, idOf(index), {
          runsOn: elsewhere ? new EmrCluster(scope, `Other${index}`) : cluster,
          steps: [EmrStep.command(['work'])],
          dependsOn: before[index].map((each) => activities[each]),
          maximumRetries: 5,
        })));
      },
      runner: async (_, { clock, signal, stepName, clusterId }) => {
        const [id] = stepName.split(' ');
        const index = works.findIndex((_work, each) => idOf(each) === id);
        if (index >= 0 && !works[index].elsewhere) {
          const needed = earlier(index).filter((each) => !works[each].elsewhere).map(idOf);
          const here = done.get(clusterId) ?? new Set();
          missing.push(...needed.filter((each) => !here.has(each)).map((each) => `${each} before ${id} on ${clusterId}`));
          repeated += needed.filter((each) => [...done].some(([other, ids]) => other !== clusterId && ids.has(each))).length;
        }
        await clock.sleep((works[index]?.minutes ?? 1) * MINUTE, signal);
        done.set(clusterId, (done.get(clusterId) ?? new Set()).add(id));
      },
    });
    for (const minutes of deaths) {
      void run.clock.sleep(minutes * MINUTE).then(() => {
        const cluster = run.emr.clusters.filter(({ request }) => request.name.includes('/Cluster/')).at(-1);
        cluster?.terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node failed' });
      });
    }
    const { A, ...objects } = await run.objects();
    expect(missing).toEqual([]);
    expect(A.status).toMatch(/FINISHED|FAILED/);
    expect(Object.entries(objects).filter(([, { status }]) => status !== 'FINISHED')).toEqual([]);
    expect(run.clusters.filter((cluster) => !cluster.includes('TERMINATED'))).toEqual([]);
  }), { numRuns: Number(process.env.PROOF_CASES ?? 20), seed: Number(process.env.PROOF_SEED ?? 1) });
  expect(repeated).toBeGreaterThan(0);
}, 3_600_000);
