import { readFileSync } from 'fs';
import { Annotations } from 'aws-cdk-lib';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DefinitionError } from '../errors';
import { Pipeline, PipelineProps } from '../pipeline';
import { Builder, constructId } from './build';
import type { PlannedPipeline } from './code';
import { planDefinition } from './plan-definition';
import { describe, errorsOf } from './problem';
import { readDefinition } from './read';

/** Props of a PipelineDefinition. */
export interface PipelineDefinitionProps {
  /**
   * Values of the definition's parameters, by id. Those that texts name can be given anew by an activation; those that have to be known
   * before (buckets, instance types, counts) count as they are here.
   *
   * @default - those of the definition, or their defaults
   */
  readonly parameterValues?: { [id: string]: string };

  /**
   * Values of the definition's parameters that are arrays (`isArray`), by id.
   *
   * @default - those of the definition, or their defaults
   */
  readonly arrayParameterValues?: { [id: string]: string[] };

  /**
   * Secrets in place of the definition's passwords, whose values are never read: by the name of the parameter that the password is
   * (`#{*myPassword}` is `myPassword`), or else by the id of the object that has it. Keys `username` and `password`.
   *
   * @default - required where the definition has passwords
   */
  readonly secrets?: { [name: string]: ISecret };

  /**
   * The first interval that runs is the first of the schedule that starts then or later. Earlier ones are the old pipeline's.
   *
   * @default - the definition's `startDateTime`
   */
  readonly cutover?: Date;

  /**
   * Name of the pipeline.
   *
   * @default - made from the construct's path
   */
  readonly pipelineName?: string;
}

/**
 * A pipeline definition of AWS Data Pipeline, in JSON, as a construct: its objects are those of the pipeline, by their ids, as if they
 * had been written with constructs.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-writing-pipeline-definition.html
 */
export class PipelineDefinition extends Construct {
  /**
   * The definition in a file, as `put-pipeline-definition` takes it and `get-pipeline-definition` gives it.
   *
   * @throws DefinitionError naming each object and field that is wrong, with its line
   */
  public static fromFile(scope: Construct, id: string, path: string, props: PipelineDefinitionProps = {}): PipelineDefinition {
    return PipelineDefinition.fromJson(scope, id, readFileSync(path, 'utf8'), props);
  }

  /**
   * The definition in a text.
   *
   * @throws DefinitionError naming each object and field that is wrong, with its line
   */
  public static fromJson(scope: Construct, id: string, json: string, props: PipelineDefinitionProps = {}): PipelineDefinition {
    return new PipelineDefinition(scope, id, json, props);
  }

  /** The pipeline that the definition describes. */
  public readonly pipeline: Pipeline;

  private constructor(scope: Construct, id: string, json: string, props: PipelineDefinitionProps) {
    super(scope, id);
    const planned = this.planned(json, props);
    const builder = new Builder(this, (name, why) => this.secret(props, name, why));
    planned.objects.filter((each) => !('construct' in each)).forEach((value) => builder.make(value, this));
    const own = { ...builder.props(planned.pipeline.props), pipelineName: props.pipelineName };
    this.pipeline = new Pipeline(this, 'Pipeline', own as unknown as PipelineProps);
    planned.objects.filter((each) => 'construct' in each).forEach((construct) => builder.make(construct, this.pipeline));
    this.warn(planned);
  }

  /**
   * The construct of an object: an activity, a data node, a resource, a precondition or a database.
   *
   * @param id the object's, in the definition
   * @throws DefinitionError if the object has none: schedules, formats and actions are values, and what nothing needs is left out
   */
  public getObject(id: string): Construct {
    const found = this.pipeline.node.tryFindChild(constructId(id));
    if (found) return found;
    const ids = this.pipeline.node.children.map((child) => child.node.id).filter((each) => each !== 'Run');
    throw new DefinitionError(this.node.path, 'getObject', `takes the id of an object that is a construct; got: "${id}"; there are ${ids.join(', ')}`);
  }

  private planned(json: string, { parameterValues, arrayParameterValues, cutover }: PipelineDefinitionProps): PlannedPipeline {
    const { value, problems } = readDefinition(json);
    const planned = planDefinition(value, { parameterValues: { ...parameterValues, ...arrayParameterValues }, cutover });
    const errors = errorsOf(problems.length > 0 ? problems : planned.problems);
    if (errors.length > 0) throw new DefinitionError(this.node.path, 'definition', `has ${counted(errors.length)}:\n${errors.map((error) => `  ${describe(error)}`).join('\n')}`);
    return planned;
  }

  private secret({ secrets = {} }: PipelineDefinitionProps, name: string, why: string): ISecret {
    if (Object.hasOwn(secrets, name)) return secrets[name];
    throw new DefinitionError(this.node.path, 'secrets', `have ${why} under "${name}"; got: ${Object.keys(secrets).join(', ') || 'none'}; give a secret of AWS Secrets Manager`);
  }

  private warn({ problems }: PlannedPipeline): void {
    for (const problem of problems.filter(({ severity }) => severity === 'warning')) {
      Annotations.of(this).addWarningV2(`cdk-data-pipeline:definition-${problem.object}-${problem.field}`, describe(problem));
    }
  }
}

function counted(errors: number): string {
  return errors === 1 ? '1 error' : `${errors} errors`;
}
