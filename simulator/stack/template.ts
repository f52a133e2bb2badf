import { Json } from '../task';

/** A CloudFormation template, as far as the simulator reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: Json };
  readonly Metadata?: { readonly [name: string]: Json };
}

/** Where a stack is deployed. */
export interface Environment {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
}

/** A template, or a part of a cloud assembly, that the simulator cannot carry out. */
export class TemplateError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'TemplateError';
  }
}
