/** Pipelines in a folder that `cdk synth` has written. */
import { Assembly } from '../simulator/stack/assembly';
import { TemplateError } from '../simulator/stack/template';
import { PLAN_METADATA, PlanDocument } from '../src/contract/plan';

export interface Selection {
  readonly stack?: string;
  readonly pipeline?: string;
}

/** At least one. */
export function plansOf(folder: string, { stack, pipeline }: Selection): PlanDocument[] {
  return plansIn(Assembly.read(folder, stack), pipeline);
}

/** Those of the one pipeline that is meant: one for each of its schedules. */
export function planOf(assembly: Assembly, pipeline?: string): PlanDocument[] {
  const [plan, ...others] = plansIn(assembly, pipeline);
  if (others.every((other) => other.pipeline === plan.pipeline)) return [plan, ...others];
  throw new TemplateError(assembly.stackName, `has several pipelines: ${[...new Set([plan, ...others].map((each) => each.pipeline))].join(', ')}; name one with --pipeline`);
}

function plansIn({ stackName, template }: Assembly, pipeline?: string): PlanDocument[] {
  const plans = Object.values(template.Resources).flatMap(({ Metadata }) => (Metadata?.[PLAN_METADATA] ?? []) as unknown as PlanDocument | []);
  const wanted = plans.filter((plan) => pipeline === undefined || plan.pipeline === pipeline);
  if (wanted.length > 0) return wanted;
  const names = [...new Set(plans.map((plan) => plan.pipeline))].join(', ') || 'none';
  throw new TemplateError(stackName, `there is no pipeline${pipeline === undefined ? '' : ` '${pipeline}'`} in this stack; its pipelines: ${names}`);
}
