/**
 * The machine that does one load, in the runs of a schedule with many.
 *
 * It has the role of the runs: the Data API of Redshift shows statements to the role that submitted them only, and the reaper, which has
 * that role, must see them.
 */
import { LoadJob } from '../contract/activity-job';
import type { ScheduledRuns } from '../scheduled-runs';
import { jsonata, Machine } from './asl';
import { graphOf } from './compile';
import { machineOf } from './handed-over';
import { JOB, jobMachine, jobSite } from './job-machine';
import { propsOf } from './link';
import { worksOf } from './reap/kinds';
import { RunContext } from './render/context';
import { cancelStatements, renderLoad } from './render/redshift';

const LOAD: { readonly [field in Exclude<keyof LoadJob, keyof typeof JOB>]: string } = { target: '$job.target', statements: '$job.statements' };

export function renderLoadMachine(runs: ScheduledRuns): Machine {
  const context = new RunContext(runs, (_, object) => object, { preconditions: 0, statements: 1, waits: 0 });
  const units = graphOf(runs).units.filter((unit) => machineOf(unit) === runs.loadMachineIfAny);
  const mostAttempts = 1 + Math.max(0, ...units.map((unit) => context.settings(propsOf(unit)).maximumRetries));
  context.allow(...worksOf({ units }).flatMap((work) => work.kind === 'redshiftData' ? work.permissions : []), cancelStatements());
  const load = renderLoad(jobSite(context), {
    object: JOB.object,
    submission: (name, token) => jsonata(`$merge([${LOAD.target}, {"Sqls": ${LOAD.statements}, "StatementName": ${name}, "ClientToken": ${token}}])`),
    attemptTimeout: JOB.attemptTimeout,
    mostAttempts,
    longest: Infinity,
  });
  context.repeated(load.states, mostAttempts);
  return jobMachine(context, { does: `A load of ${runs.title}`, ...load });
}
