import { handler as calendar } from '../../lambda/calendar/handler';
import { Emr } from '../../simulator/services/emr';
import { Launch } from '../../simulator/services/emr-cluster';
import { HadoopJarStep, StepContext } from '../../simulator/services/emr-step';
import { ModelledStep, modelledSteps } from '../../simulator/services/modelled-steps';
import { Json, TaskHandler } from '../../simulator/task';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** How what a run calls behaves; by default everything works. */
export interface ServiceBehaviour {
  /** Of an EMR step, by its number, from 1 on. */
  readonly step?: (number: number, context: StepContext) => Partial<ModelledStep>;
  /** Of a cluster, by its number. */
  readonly launch?: (number: number) => Partial<Launch>;
  /** Of a Redshift statement, by its number. */
  readonly statement?: (number: number) => { readonly Status: string; readonly Error?: string };
}

/** Clusters whose steps take 10 minutes. */
export function modelledEmr({ step, launch }: ServiceBehaviour = {}): Emr {
  let [steps, launches] = [0, 0];
  const model = (_: HadoopJarStep, context: StepContext) => ({ duration: 10 * MINUTE, ...step?.(++steps, context) });
  return new Emr({ runner: modelledSteps(model), launch: () => launch?.(++launches) ?? {} });
}

/** Statements, by name, that have not been seen to end. */
export type RunningStatements = Map<string, string>;

/** Statements that have ended when they are first asked for. */
export function modelledRedshift({ statement }: ServiceBehaviour = {}, running: RunningStatements = new Map()): Record<string, TaskHandler> {
  let statements = 0;
  return {
    'aws-sdk:redshiftdata:batchExecuteStatement': async request => {
      const { StatementName } = request.arguments as { StatementName: string };
      const Id = String(++statements);
      running.set(Id, StatementName);
      return { Id };
    },
    'aws-sdk:redshiftdata:describeStatement': async request => {
      const { Id } = request.arguments as { Id: string };
      const description = { Id, Status: 'FINISHED', ...statement?.(Number(Id)) };
      if (description.Status !== 'STARTED') running.delete(Id);
      return description;
    },
    'aws-sdk:redshiftdata:listStatements': async request => {
      const { StatementName } = request.arguments as { StatementName: string };
      const own = [...running].filter(([, name]) => name.startsWith(StatementName));
      return { Statements: own.map(([Id, name]) => ({ Id, StatementName: name, Status: 'STARTED' })) };
    },
    'aws-sdk:redshiftdata:cancelStatement': async request => {
      running.delete((request.arguments as { Id: string }).Id);
      return { Status: true };
    },
  };
}

/** The calendar as it is, and preconditions that hold. */
export const modelledFunctions: TaskHandler = async ({ arguments: given }) => {
  const { FunctionName, Payload } = given as { FunctionName: string; Payload: Json };
  return { StatusCode: 200, Payload: FunctionName.includes('Calendar') ? await calendar(Payload) as unknown as Json : { held: true } };
};
