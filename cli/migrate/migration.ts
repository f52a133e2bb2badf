/** What a migration makes of definitions: the app's pipelines, and the account of each. */
import { Accounts, accountsOf } from './accounts';
import { AppPipeline } from './app-files';
import { allCodes } from './code-tree';
import { hasBegun, hasEnded, schedulesOf } from './cutover';
import { MigrationInput } from './inputs';
import { Names, kebabCase, pascalCase } from './names';
import { secretName } from './pipeline-file';
import type { ParameterValues } from '../../src/contract/parameters';
import { PlannedPipeline } from '../../src/definition/code';
import type { Definition } from '../../src/definition/definition';
import { planDefinition, PlanOptions } from '../../src/definition/plan-definition';
import { errorsOf, Problem } from '../../src/definition/problem';
import { validate } from '../../src/definition/validate';
import { OperationError } from '../account';

export interface MigrationOptions {
  readonly parameterValues: ParameterValues;
  /** The first interval that the new pipelines run is the first from this time on. */
  readonly cutover?: Date;
  readonly now: Date;
}

export interface MigratedPipeline extends AppPipeline {
  readonly objects: number;
  readonly accounts: Accounts;
  /** One with errors is not in the app. */
  readonly problems: readonly Problem[];
  /** Names of secrets that have to be made, and why. */
  readonly secrets: ReadonlyArray<{ readonly name: string; readonly why: string }>;
}

export interface Migration {
  readonly pipelines: readonly MigratedPipeline[];
  readonly cutover?: Date;
}

/** @throws OperationError if schedules have begun, and it is not said from when on the new pipelines run */
export function migrationOf(inputs: readonly MigrationInput[], options: MigrationOptions): Migration {
  const names = new Names();
  const pipelines = inputs.map((input) => migrated(input, names, options));
  const begun = options.cutover ? [] : pipelines.filter(({ plan }) => hasBegun(plan, options.now));
  if (begun.length > 0) {
    const sample = options.now.toISOString().slice(0, 11);
    throw new OperationError(`${begun.map(({ title }) => title).join(', ')}: the schedule began in the past. Give --cutover <time>, the first interval that the new `
      + `${begun.length === 1 ? 'pipeline runs' : 'pipelines run'}, such as ${sample}00:00:00Z: what starts before is the old one's`);
  }
  return { pipelines, cutover: options.cutover };
}

export function isWritten({ problems }: MigratedPipeline): boolean {
  return errorsOf(problems).length === 0;
}

function migrated(input: MigrationInput, names: Names, { parameterValues, cutover }: MigrationOptions): MigratedPipeline {
  const { name, file, definition, problems } = input;
  const options = { parameterValues, cutover };
  const plan = named(planDefinition(definition, options), name);
  const constant = names.constant(name);
  return {
    title: name,
    source: file,
    stackId: pascalCase(constant),
    className: `${pascalCase(constant)}Stack`,
    fileName: kebabCase(constant),
    plan,
    objects: definition.objects.length,
    accounts: accountsOf(definition, plan),
    problems: errorsOf(problems).length > 0 ? problems : [...problems, ...problemsOf(definition, plan, options)],
    secrets: secretsOf(plan, name),
  };
}

/** An app that would not synthesize is not written: what the constructs refuse is told here, with its object and field. */
function problemsOf(definition: Definition, plan: PlannedPipeline, options: PlanOptions): readonly Problem[] {
  const ended = schedulesOf(plan).filter(hasEnded).map(() => ENDED);
  return ended.length > 0 ? [...plan.problems, ...ended] : validate(definition, options);
}

const ENDED: Problem = { severity: 'error', message: 'its schedule has no interval from the cutover on: nothing is left to run, and the pipeline needs no migration' };

/** Logs and clusters carry the name that the old pipeline has. */
function named(plan: PlannedPipeline, name: string): PlannedPipeline {
  const pipelineName = name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 64);
  if (pipelineName === '') return plan;
  const props = [['pipelineName', { kind: 'literal', value: pipelineName }] as const, ...plan.pipeline.props];
  return { ...plan, pipeline: { ...plan.pipeline, props } };
}

function secretsOf(plan: PlannedPipeline, title: string): MigratedPipeline['secrets'] {
  const given = new Map(allCodes(plan).flatMap((code) => code.kind === 'given' ? [[code.name, code.why] as const] : []));
  return [...given].map(([name, why]) => ({ name: secretName(title, name), why }));
}
