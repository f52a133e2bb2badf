/**
 * The hybrid activation of a worker group, and the parameter that keeps its code.
 *
 * Whatever was lost on the way, in the end there is one activation of the group, and the parameter has its code, which is told only once:
 * an activation that the parameter does not know is of no use to anybody, and is deleted.
 */
import { ActivationProperties } from '../../src/contract/activation';

const DAY = 24 * 60 * 60 * 1000;
/** The service allows 30 days from its own now. */
const LIFE = 29 * DAY;
/** Renewed when it has less to live, so that whoever reads the code has time to use it. */
const LEAST = 15 * DAY;

/** An activation as the service describes it. */
export interface Activation {
  readonly ActivationId?: string;
  readonly IamRole?: string;
  readonly DefaultInstanceName?: string;
  readonly RegistrationLimit?: number;
  readonly ExpirationDate?: Date;
}

/** An activation's id and code. */
export interface Secret {
  readonly id: string;
  readonly code: string;
}

/** What Systems Manager does for activations. */
export interface Activations {
  /** Those of a role. */
  list(role: string): Promise<readonly Activation[]>;
  create(properties: ActivationProperties, expires: Date): Promise<Secret>;
  /** One that is gone is no error; nor is that for `forget`. */
  remove(id: string): Promise<void>;
  /** The parameter's text, if there is one. */
  kept(parameter: string): Promise<string | undefined>;
  keep(parameter: string, text: string): Promise<void>;
  forget(parameter: string): Promise<void>;
}

/** Sees to it that there is one with enough life left. */
export async function ensureActivation(properties: ActivationProperties, activations: Activations, now: number): Promise<void> {
  const known = (await activations.kept(properties.ParameterName))?.split(' ')[0];
  const good = (await ownOf(properties, activations)).find((each) => each.ActivationId === known && serves(each, properties, now));
  const id = good?.ActivationId ?? await renewed(properties, activations, now);
  await removeOthers(properties, activations, id);
}

export async function removeActivation(properties: ActivationProperties, activations: Activations): Promise<void> {
  await removeOthers(properties, activations);
  await activations.forget(properties.ParameterName);
}

async function renewed(properties: ActivationProperties, activations: Activations, now: number): Promise<string> {
  const { id, code } = await activations.create(properties, new Date(now + LIFE));
  await activations.keep(properties.ParameterName, `${id} ${code}`);
  return id;
}

async function removeOthers(properties: ActivationProperties, activations: Activations, but?: string): Promise<void> {
  for (const { ActivationId } of await ownOf(properties, activations)) {
    if (ActivationId !== undefined && ActivationId !== but) await activations.remove(ActivationId);
  }
}

async function ownOf({ IamRole, DefaultInstanceName }: ActivationProperties, activations: Activations): Promise<Activation[]> {
  return (await activations.list(IamRole)).filter((each) => each.IamRole === IamRole && each.DefaultInstanceName === DefaultInstanceName);
}

function serves({ RegistrationLimit, ExpirationDate }: Activation, properties: ActivationProperties, now: number): boolean {
  return RegistrationLimit === Number(properties.RegistrationLimit) && (ExpirationDate?.getTime() ?? 0) - now > LEAST;
}
