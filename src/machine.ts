import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnPolicy, IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine, DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './compiler/asl';
import { problems } from './compiler/compile';
import { excess } from './compiler/limits';
import { PLAN_METADATA, PipelineRole } from './contract/plan';
import { MachineDefinition } from './machine-definition';
import type { ScheduledRuns } from './scheduled-runs';
import { tagOwn } from './tags';

/** Where a compiled machine logs what its executions do. */
export function logOf(machine: StateMachine): ILogGroup {
  return machine.node.scope!.node.findChild('Log') as LogGroup;
}

/** A machine whose definition and permissions are known when all objects of its pipeline are: rendered once, at synth. */
export function compiledMachine(runs: ScheduledRuns, id: string, render: () => Machine, ownRole?: IRole, tag?: PipelineRole): StateMachine {
  const { pipeline } = runs;
  const scope = new Construct(runs, id);
  let rendered: Machine | undefined;
  const machine = () => rendered ??= render();
  const role = ownRole ?? new Role(scope, 'Role', {
    description: `${id} state machine of ${runs.title}`,
    assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
  const policy = new MachinePolicy(scope, `${id}Policy`, role, () => machine().statements);
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    role,
    definitionBody: DefinitionBody.fromString('{}'), // replaced below
    tracingEnabled: true,
    logs: { destination: new LogGroup(scope, 'Log', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }), level: LogLevel.ALL },
  });
  stateMachine.node.addDependency(policy);
  const resource = stateMachine.node.defaultChild as CfnStateMachine;
  const definition = new MachineDefinition(resource, () => machine().definition);
  stateMachine.node.addValidation({ validate: () => problems(pipeline).length > 0 ? [] : excess(machine(), definition.length) });
  resource.addMetadata(PLAN_METADATA, Lazy.any({ produce: () => machine().plan }));
  tagOwn(resource, pipeline, tag ?? id.toLowerCase() as PipelineRole, runs.scheduleName);
  return stateMachine;
}

/** Of a machine that calls nothing there is none: where nothing that a schedule's runs do can be late, say. */
class MachinePolicy extends CfnPolicy {
  constructor(scope: Construct, policyName: string, role: IRole, private readonly statements: () => PolicyStatement[]) {
    super(scope, 'Policy', {
      policyName,
      roles: [role.roleName],
      policyDocument: Lazy.any({ produce: () => new PolicyDocument({ statements: statements(), minimize: true }) }),
    });
  }

  protected shouldSynthesize(): boolean {
    return this.statements().length > 0;
  }
}
