/** All that is wrong with a definition: what planning tells, and, where that is nothing, what the constructs themselves refuse. */
import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DefinitionError } from '../errors';
import { ExpressionError } from '../expression/error';
import { Pipeline, PipelineProps } from '../pipeline';
import { Builder } from './build';
import { isConstruct, Planned, PlannedPipeline, Props, refsOf } from './code';
import type { Definition, Position } from './definition';
import { planDefinition, PlanOptions } from './plan-definition';
import { errorsOf, Problem } from './problem';
import { readDefinition } from './read';

/** A definition in JSON: its errors and warnings, each with its object, field and line. */
export function validateJson(text: string, options: PlanOptions = {}): Problem[] {
  const { value, problems } = readDefinition(text);
  return problems.length > 0 ? problems : validate(value, options);
}

export function validate(definition: Definition, options: PlanOptions = {}): Problem[] {
  const planned = planDefinition(definition, options);
  if (errorsOf(planned.problems).length > 0) return [...planned.problems];
  return [...planned.problems, ...refusals(definition, planned)];
}

/** What constructs refuse: they are made in an app that nobody synthesizes. */
function refusals(definition: Definition, planned: PlannedPipeline): Problem[] {
  const problems: Problem[] = [];
  const place = placesOf(definition, planned);
  const attempt = <T>(id: string, make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      problems.push(refusal(id, error, place));
      return undefined;
    }
  };
  const scope = new Construct(new Stack(new App({ analyticsReporting: false, treeMetadata: false }), 'Stack'), 'Definition');
  const builder = new Builder(scope, (name) => scope.node.tryFindChild(`Secret-${name}`) ?? Secret.fromSecretNameV2(scope, `Secret-${name}`, 'validated'));
  const ready = (props: Props) => builder.has(props.flatMap(([, code]) => refsOf(code)));
  const make = (each: Planned, parent: Construct) => attempt(each.id, () => builder.make(each, parent));
  planned.objects.filter((each) => !isConstruct(each)).forEach((value) => make(value, scope));
  const pipeline = ready(planned.pipeline.props)
    ? attempt('Default', () => new Pipeline(scope, 'Pipeline', builder.props(planned.pipeline.props) as unknown as PipelineProps)) : undefined;
  if (!pipeline) return problems;
  planned.objects.filter(isConstruct).forEach((construct) => ready(construct.props) && make(construct, pipeline));
  if (problems.length === 0) {
    attempt('Default', () => pipeline.node.validate()
      .forEach((message) => problems.push({ severity: 'error', message: message.replaceAll('Stack/Definition/Pipeline/', '') })));
  }
  return problems;
}

type Place = (object: string, prop: string) => { field: string; at?: Position };

/** Where the field of a prop stands. */
function placesOf({ objects }: Definition, { entries }: PlannedPipeline): Place {
  return (object, prop) => {
    const [name] = prop.split(/[[.]/);
    const entry = entries.find((each) => each.object === object && each.to === name);
    return { field: entry?.field ?? prop, at: entry?.at ?? objects.find(({ id }) => id === object)?.at };
  };
}

function refusal(id: string, error: unknown, place: Place): Problem {
  if (error instanceof DefinitionError) {
    const { field, at } = place(id, error.prop);
    const problem = error.message.slice(`${error.path}: ${error.prop}: `.length).replaceAll('Stack/Definition/Pipeline/', '');
    return { severity: 'error', object: id, field, at, message: problem };
  }
  // Some of CDK's own classes check what they are given: names, ARNs.
  if (error instanceof ExpressionError || error instanceof Error) return { severity: 'error', object: id, at: place(id, '').at, message: error.message };
  throw error;
}
