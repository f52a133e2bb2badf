import { Stack } from 'aws-cdk-lib';
import { ACCOUNT, REGION } from './fixture';
import { Intrinsics } from '../../simulator/stack/intrinsics';
import { Json } from '../../simulator/task';
import { EmrCluster, Pipeline } from '../../src';
import { compile, compileLate } from '../../src/compiler/compile';
import { renderLoadMachine } from '../../src/compiler/load-machine';
import { objectsOf } from '../../src/compiler/objects';
import { renderStepsMachine } from '../../src/compiler/steps-machine';

/** What is not in a stack's template by name: `Ref` of a resource is its logical id without the hash, or an ARN with that name. */
const REFERENCES = {
  ref: (name: string): string => {
    const pseudo: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::URLSuffix': 'amazonaws.com' };
    const id = plain(name);
    if (id.endsWith('Activity')) return `arn:aws:states:${REGION}:${ACCOUNT}:activity:${id}`;
    if (id.endsWith('StateMachine')) return `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${id}`;
    return pseudo[name] ?? id;
  },
  attribute: (logicalId: string, name: string): string => `${plain(logicalId)}.${name}`,
};

function plain(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** A value with its tokens resolved to readable names. */
export function concrete(stack: Stack, value: unknown): Json {
  return new Intrinsics(REFERENCES, 'test').resolve(stack.resolve(value) as Json);
}

export interface Definition {
  readonly States: { readonly [name: string]: Readonly<Record<string, Json>> };
}

/** The pipeline's Run machine. */
export function runMachine(pipeline: Pipeline): Definition {
  return concrete(Stack.of(pipeline), compile(pipeline._runs).definition) as unknown as Definition;
}

/** The pipeline's Late machine. */
export function lateMachine(pipeline: Pipeline): Definition {
  return concrete(Stack.of(pipeline), compileLate(pipeline._runs).definition) as unknown as Definition;
}

/** The machines that activities are handed over to, where there are many, by their names. */
export function activityMachines(pipeline: Pipeline): Map<string, Definition> {
  const stack = Stack.of(pipeline);
  const { _runs: runs } = pipeline;
  const clusters = objectsOf(pipeline).filter((object) => object instanceof EmrCluster);
  const rendered = [
    ...clusters.map((cluster) => [cluster._activityMachine, () => renderStepsMachine(runs, cluster)] as const),
    [runs.loadMachineIfAny, () => renderLoadMachine(runs)] as const,
  ];
  return new Map(rendered.flatMap(([machine, render]) => (
    machine ? [[nameOf(concrete(stack, machine.stateMachineArn)), concrete(stack, render().definition) as unknown as Definition]] : []
  )));
}

function nameOf(arn: Json): string {
  return String(arn).split(':').pop()!;
}

/** Every state, of branches too. */
export function allStates({ States }: Definition): Array<[name: string, state: Readonly<Record<string, Json>>]> {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, typeof state],
    ...(state.Branches as unknown as Definition[] | undefined ?? []).flatMap(allStates),
  ]);
}
