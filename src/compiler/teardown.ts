/**
 * The Teardown machine: when a stack is deleted, or rolled back, it ends all that the pipeline does, and answers the deployment when
 * nothing is left that would cost money or that needs the pipeline's roles to end.
 *
 * The pipeline is inactive already, so that nothing new begins. The Starter is stopped first, so that no run begins after the others have
 * been stopped. It gives up after a limit, and says what is still there.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrCluster } from '../resources/emr-cluster';
import type { ScheduledRuns } from '../scheduled-runs';
import { ANY_ERROR, Asl, integration, jsonata, jsonataStrings, Machine, merged, States, TRANSIENT_RETRY } from './asl';
import { graphOf } from './compile';
import { resourcesOf } from './reap/kinds';
import { executionsOf } from './render/child';
import { ACTIVE_STATES } from './render/emr-launch';

/** A deployment waits for an hour. */
const LIMIT_SECONDS = 50 * 60;
const TIMEOUT_SECONDS = 55 * 60;
const LIST_AGAIN_SECONDS = 15;
const LOOK_AGAIN_SECONDS = 30;
/** What the executions are called that leave something behind. */
export const RUNS = 'runs';

export interface TeardownProps {
  readonly runs: ScheduledRuns;
  readonly partition: string;
  /** Machines whose executions are stopped, by what these are called; in this order, and runs last. */
  readonly machines: { readonly [what: string]: StateMachine };
  readonly reaperArn: string;
  /** The function that answers deployments. */
  readonly lifecycleArn: string;
}

export function renderTeardown(props: TeardownProps): Machine {
  const { runs, machines, reaperArn, lifecycleArn } = props;
  const stopped = Object.values(machines);
  const hasClusters = resourcesOf(graphOf(runs)).some((each) => each instanceof EmrCluster);
  const listClusters = new PolicyStatement({ actions: ['elasticmapreduce:ListClusters'], resources: ['*'] }); // has no resource types
  return {
    definition: {
      Comment: `Ends all that ${runs.title} does`,
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      TimeoutSeconds: TIMEOUT_SECONDS,
      States: new TeardownRenderer(props).states(hasClusters),
    },
    statements: [
      new PolicyStatement({ actions: ['states:ListExecutions'], resources: [...stopped.map(({ stateMachineArn }) => stateMachineArn), reaperArn] }),
      new PolicyStatement({ actions: ['states:StopExecution'], resources: stopped.map(executionsOf) }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [reaperArn] }),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lifecycleArn] }),
      ...(hasClusters ? [listClusters] : []),
    ],
  };
}

class TeardownRenderer {
  constructor(private readonly props: TeardownProps) {}

  states(hasClusters: boolean): States {
    const kinds = [...Object.keys(this.props.machines), 'reapers'];
    const stops = Object.entries(this.props.machines).map(([what, { stateMachineArn }], index) => this.stop(what, stateMachineArn, `List ${kinds[index + 1]}`));
    return merged(
      { Begin: this.begin(`List ${kinds[0]}`) },
      ...stops,
      this.waitForReapers(hasClusters ? 'List clusters' : 'Answer'),
      hasClusters ? this.waitForClusters() : {},
      this.answer(),
    );
  }

  private task(name: string, fields: Asl): Asl {
    return {
      Type: 'Task', Resource: integration(this.props.partition, name), Retry: [TRANSIENT_RETRY], Catch: [this.catcher()], Output: {}, ...fields,
    };
  }

  private catcher(): Asl {
    const problem = '$states.context.State.Name & ": " & $states.errorOutput.Error & ": " & $states.errorOutput.Cause';
    return { ErrorEquals: ANY_ERROR, Assign: { problem: jsonata(problem) }, Next: 'Answer' };
  }

  private begin(next: string): Asl {
    return {
      Type: 'Pass',
      Assign: {
        replyTo: jsonata('$exists($states.input.replyTo) ? $states.input.replyTo : {}'),
        pipeline: this.props.runs.pipeline.pipelineName,
        deadline: jsonata(`$millis() + ${LIMIT_SECONDS * 1000}`),
        problem: '',
        marker: '',
      },
      Next: next,
    };
  }

  /** Lists all that run and stops them, until none does: what is stopped may be listed for a while. */
  private stop(what: string, arn: string, next: string): States {
    const [list, any, stop, wait] = [`List ${what}`, `Any ${what}?`, `Stop ${what}`, `Wait for ${what}`];
    return {
      [list]: this.listRunning(arn, any),
      [any]: { Type: 'Choice', Choices: [this.tooLong(what), { Condition: jsonata('$count($running) > 0'), Next: stop }], Default: next },
      [stop]: {
        Type: 'Map',
        Items: jsonata('$running'),
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: `${stop}: stop`, States: this.stopOne(stop, what === RUNS) },
        Catch: [this.catcher()],
        Output: {},
        Next: wait,
      },
      [wait]: { Type: 'Wait', Seconds: LIST_AGAIN_SECONDS, Next: list },
    };
  }

  /** A run that is stopped cannot clear up, and the event of its end may be lost: its reaper is started here too. */
  private stopOne(name: string, isRun: boolean): States {
    const { reaperArn } = this.props;
    const call = (integrationName: string, fields: Asl): Asl => (
      { Type: 'Task', Resource: integration(this.props.partition, integrationName), Retry: [TRANSIENT_RETRY], ...fields }
    );
    return {
      [`${name}: stop`]: call('aws-sdk:sfn:stopExecution', {
        Arguments: { ExecutionArn: jsonata('$states.input.arn'), Cause: 'The pipeline is deleted' },
        Catch: [{ ErrorEquals: ANY_ERROR, Output: {}, Next: `${name}: list again` }],
        ...(isRun ? { Output: jsonata('$states.input'), Next: `${name}: reap` } : { Output: {}, End: true }),
      }),
      [`${name}: list again`]: { Type: 'Succeed', Output: {} },
      ...(isRun ? {
        [`${name}: reap`]: call('aws-sdk:sfn:startExecution', {
          Arguments: { StateMachineArn: reaperArn, Input: jsonata('$string({"run": $states.input.name, "status": "ABORTED"})') },
          Output: {},
          End: true,
        }),
      } : {}),
    };
  }

  private waitForReapers(next: string): States {
    return {
      'List reapers': this.listRunning(this.props.reaperArn, 'Any reapers?'),
      'Any reapers?': {
        Type: 'Choice', Choices: [this.tooLong('reapers'), { Condition: jsonata('$count($running) > 0'), Next: 'Wait for reapers' }], Default: next,
      },
      'Wait for reapers': { Type: 'Wait', Seconds: LOOK_AGAIN_SECONDS, Next: 'List reapers' },
    };
  }

  /** Amazon EMR ends a cluster with the roles that the stack deletes next. Those of other schedules end by themselves. */
  private waitForClusters(): States {
    return {
      'List clusters': this.task('aws-sdk:emr:listClusters', {
        Arguments: jsonata(`$merge([{"ClusterStates": ${jsonataStrings([...ACTIVE_STATES, 'TERMINATING'])}}, $marker = "" ? {} : {"Marker": $marker}])`),
        Assign: {
          running: jsonata(`[$filter($states.result.Clusters, function($each) { ${this.isOwnCluster('$each.Name')} }).{"name": Name}]`),
          marker: jsonata('$states.result.Marker & ""'),
        },
        Next: 'Any clusters?',
      }),
      'Any clusters?': {
        Type: 'Choice',
        Choices: [
          this.tooLong('clusters'),
          { Condition: jsonata('$count($running) > 0'), Next: 'Wait for clusters' },
          { Condition: jsonata('$marker != ""'), Next: 'List clusters' },
        ],
        Default: 'Answer',
      },
      'Wait for clusters': { Type: 'Wait', Seconds: LOOK_AGAIN_SECONDS, Assign: { marker: '' }, Next: 'List clusters' },
    };
  }

  /** Names are `<pipeline>/<run>/...`, and those of runs begin with what the schedule says, or with the year. */
  private isOwnCluster(name: string): string {
    const { runPrefix } = this.props.runs;
    return `$substring(${name}, 0, $length($pipeline) + 1) = $pipeline & "/" and $contains($substring(${name}, $length($pipeline) + 1), /^${runPrefix}[0-9]/)`;
  }

  private answer(): States {
    return {
      Answer: {
        Type: 'Task',
        Resource: integration(this.props.partition, 'lambda:invoke'),
        Arguments: { FunctionName: this.props.lifecycleArn, Payload: { kind: 'answer', replyTo: jsonata('$replyTo'), problem: jsonata('$problem') } },
        Retry: [TRANSIENT_RETRY],
        Output: {},
        Next: 'Answered',
      },
      Answered: { Type: 'Succeed' },
    };
  }

  private listRunning(arn: string, next: string): Asl {
    return this.task('aws-sdk:sfn:listExecutions', {
      Arguments: { StateMachineArn: arn, StatusFilter: 'RUNNING', MaxResults: 100 },
      Assign: { running: jsonata('[$states.result.Executions.{"arn": ExecutionArn, "name": Name}]') },
      Next: next,
    });
  }

  private tooLong(what: string): Asl {
    const problem = `"After ${LIMIT_SECONDS / 60} minutes there are still ${what} of " & $pipeline & ": " & $join($running.name, ", ")`
      + ' & ". End them, and delete the stack again."';
    return {
      Condition: jsonata('$count($running) > 0 and $millis() > $deadline'),
      Assign: { problem: jsonata(problem) },
      Next: 'Answer',
    };
  }
}
