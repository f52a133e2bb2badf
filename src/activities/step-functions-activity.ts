import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, IChainable, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { NamedNode, Work } from '../compiler/work';
import { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { inherited } from '../parent';
import { Activity, ActivityProps } from './activity';

/** Props of a StepFunctionsActivity. */
export interface StepFunctionsActivityProps extends ActivityProps {
  /**
   * The states that do the work: a task of aws-stepfunctions-tasks or a chain, in JSONPath or JSONata. Each attempt is one execution
   * of them, whose input is `{ run, attempt, scheduledStartTime, scheduledEndTime, parameters, input: [{ id, uri }], output: [{ id, uri }] }`;
   * a data node that is not in S3 has no `uri`.
   */
  readonly definition: IChainable;

  /**
   * Data nodes that the states read. Who reads them is not known here: grant it what it needs, such as `bucket.grantRead(job)`.
   *
   * @default - none
   */
  readonly input?: DataNode[];

  /**
   * Data nodes that the states write.
   *
   * @default - none
   */
  readonly output?: DataNode[];
}

/**
 * Runs states of your own: any task that Step Functions has, such as a Glue job, an ECS task, a Batch job or a Lambda function.
 *
 * The states are a state machine of their own. An attempt that takes longer than `attemptTimeout` is ended; what it has launched ends
 * as those states end it. AWS Data Pipeline has nothing like it.
 */
export class StepFunctionsActivity extends Activity {
  /** The machine that the states are in: one execution for each attempt, named `<run>_<attempt>`. */
  public readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: StepFunctionsActivityProps) {
    props = inherited(scope, id, StepFunctionsActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    if (!props.definition) throw invalid(this, 'definition', 'is missing; got: nothing; give a task or a chain of aws-stepfunctions');
    this.stateMachine = this.machine(props.definition);
  }

  /** @internal */
  public _work(): Work {
    return { kind: 'stateMachine', stateMachine: this.stateMachine, inputs: this.input.map(named), outputs: this.output.map(named) };
  }

  private machine(definition: IChainable): StateMachine {
    const role = new Role(this, 'Role', {
      description: `State machine of ${this.objectId}`,
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    return new StateMachine(this, 'StateMachine', {
      role,
      comment: `${this.objectId} of ${this.pipeline.pipelineName}`,
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout: this.longest,
      tracingEnabled: true,
      logs: { destination: new LogGroup(this, 'Log', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }), level: LogLevel.ALL },
    });
  }

  /** Whatever becomes of the run, an attempt ends. */
  private get longest(): Duration {
    const { defaults, runTimeout } = this.pipeline._defaults;
    return this._props.attemptTimeout ?? defaults.attemptTimeout ?? runTimeout;
  }
}

function named(node: DataNode): NamedNode {
  return { object: node.objectId, uri: node instanceof S3DataNode ? node._uri : undefined };
}
