/**
 * The reaper: ends what a run has launched, and settles the run, after it has ended in whatever way.
 *
 * A launch may surface after the run's end, so it looks several times unless the run itself says that once is enough. What it
 * looks for is named after the run. What it cannot end is an error of its own, after the last look, so that an alarm tells of it.
 */
import { NOT_REAPED } from '../contract/run';
import type { Pipeline } from '../pipeline';
import type { ScheduledRuns } from '../scheduled-runs';
import { Asl, jsonata, Machine, merged, States } from './asl';
import { graphOf } from './compile';
import { awaitedElsewhere, Graph } from './link';
import { membersOf } from './objects';
import { leftoversOf } from './reap/kinds';
import { anyFound, endStates, firstEnd, firstList, Leftovers, listStates, morePages, unseen } from './reap/leftovers';
import { settleRun } from './reap/settle';

const LOOKS = 3;

export function renderReaper(runs: ScheduledRuns, partition: string): Machine {
  const { pipeline } = runs;
  const graph = graphOf(runs);
  const all = leftoversOf(pipeline, graph, partition);
  const settle = settleRun({ pipeline, partition, objects: objectsIn(graph), told: awaitedElsewhere(runs) }, 'Look again?');
  return {
    definition: {
      Comment: `Ends what a run of ${runs.title} has launched`,
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      TimeoutSeconds: 24 * 3600,
      States: merged(
        { 'Begin': begin(pipeline, all), 'Found?': found(all, settle.start) },
        listStates(all, 'Found?'),
        all.length > 0 ? endStates(all, 'Found?') : {},
        settle.states,
        lookAgain(all),
      ),
    },
    statements: [...all.flatMap((each) => each.statements), ...settle.statements],
  };
}

/** Ids of what the result of a run lists. */
function objectsIn(graph: Graph): string[] {
  return [...new Set([...membersOf(graph), ...graph.units.map(({ object }) => object)].map(({ objectId }) => objectId))];
}

function begin(pipeline: Pipeline, all: readonly Leftovers[]): Asl {
  const group = pipeline._guardsIfAny?.group;
  const { uri, key } = pipeline._logs.child('runs/');
  return {
    Type: 'Pass',
    Assign: {
      pipeline: pipeline.pipelineName,
      ...(group === undefined ? {} : { group }),
      ...Object.assign({}, ...all.map(({ constants }) => constants ?? {})) as Asl,
      runs: key,
      runsUri: uri,
      run: jsonata('$states.input.run & ""'),
      status: jsonata('$lookup({"ABORTED": "CANCELED", "TIMED_OUT": "TIMEDOUT", "FAILED": "FAILED"}, $states.input.status & "") & ""'),
      looks: jsonata(`$exists($states.input.looks) ? $states.input.looks : ${all.length > 0 ? LOOKS : 1}`),
      look: 1,
      ...unseen(all),
    },
    Next: firstList(all, 'Found?'),
  };
}

function found(all: readonly Leftovers[], settle: string): Asl {
  return {
    Type: 'Choice',
    Choices: [
      ...(all.length > 0 ? [
        { Condition: jsonata(anyFound(all)), Next: firstEnd(all) },
        { Condition: jsonata(morePages(all)), Next: firstList(all, '') },
      ] : []),
      { Condition: jsonata('$status != ""'), Next: settle },
    ],
    Default: 'Look again?',
  };
}

function lookAgain(all: readonly Leftovers[]): States {
  return {
    'Look again?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$look < $looks'), Next: 'Wait for late launches' },
        { Condition: jsonata('$problem != ""'), Next: 'Failed' },
      ],
      Default: 'Done',
    },
    'Wait for late launches': {
      Type: 'Wait', Seconds: jsonata('$look * 120'), Assign: { ...unseen(all), look: jsonata('$look + 1') }, Next: firstList(all, 'Found?'),
    },
    'Failed': { Type: 'Fail', Error: NOT_REAPED, Cause: jsonata('"What run " & $run & " has left behind may still be there. " & $problem') },
    'Done': { Type: 'Succeed' },
  };
}
