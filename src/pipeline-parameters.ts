import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { parameterProblem, ParameterRules } from './contract/parameters';
import { given, invalid } from './errors';
import type { PipelineProps } from './pipeline';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

export type ParameterProps = Pick<PipelineProps, 'parameters' | 'arrayParameters' | 'parameterTypes'>;

/** The parameters of a pipeline: their defaults, their types, and which of them a deployment fixes. */
export class PipelineParameters {
  /** Why a parameter's values are those of the deployment: the prop that makes something else of each. */
  private readonly fixed = new Map<string, string>();

  constructor(pipeline: Construct, private readonly props: ParameterProps) {
    checkNames(pipeline, 'parameters', props.parameters);
    checkNames(pipeline, 'arrayParameters', props.arrayParameters);
    checkArrays(pipeline, props);
    checkTypes(pipeline, props);
  }

  get names(): string[] {
    return [...Object.keys(this.props.parameters ?? {}), ...Object.keys(this.props.arrayParameters ?? {})];
  }

  default(name: string): string | undefined {
    return own(this.props.parameters, name);
  }

  defaults(name: string): readonly string[] | undefined {
    return own(this.props.arrayParameters, name);
  }

  type(name: string): string | undefined {
    return own(this.props.parameterTypes, name);
  }

  /** No activation gives other values: the prop needs them before there is a run. */
  fix(name: string, prop: string): void {
    if (!this.fixed.has(name)) this.fixed.set(name, prop);
  }

  /** What an activation may give. */
  get rules(): ParameterRules {
    const { arrayParameters = {}, parameterTypes = {} } = this.props;
    return {
      parameters: this.names,
      ...some(parameterTypes) ? { parameterTypes } : {},
      ...some(arrayParameters) ? { arrayParameters: Object.keys(arrayParameters) } : {},
      ...this.fixed.size > 0 ? { fixedParameters: Object.fromEntries(this.fixed) } : {},
    };
  }
}

function own<Value>(values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

function some(values: object): boolean {
  return Object.keys(values).length > 0;
}

function checkNames(pipeline: Construct, prop: string, values: object = {}): void {
  for (const name of Object.keys(values)) {
    if (!NAME.test(name)) throw invalid(pipeline, prop, `are named by a letter, then letters, digits and "_"; got: "${name}"`);
  }
}

function checkArrays(pipeline: Construct, { parameters = {}, arrayParameters = {} }: ParameterProps): void {
  for (const [name, values] of Object.entries(arrayParameters)) {
    if (Object.hasOwn(parameters, name)) throw invalid(pipeline, 'arrayParameters', `are not parameters, too; got: ${name} in both; give it in one of the two`);
    if (!Array.isArray(values)) throw invalid(pipeline, 'arrayParameters', `${name} is a list of texts; got: ${given(values)}; give one, or give it in parameters`);
  }
}

function checkTypes(pipeline: Construct, { parameters = {}, arrayParameters = {}, parameterTypes = {} }: ParameterProps): void {
  const all = { ...parameters, ...arrayParameters };
  for (const [name, type] of Object.entries(parameterTypes)) {
    if (!Object.hasOwn(all, name)) {
      throw invalid(pipeline, 'parameterTypes', `are those of parameters; got: ${name}, which is none; give its default in parameters or arrayParameters`);
    }
    const known = [all[name]].flat().filter((value) => !Token.isUnresolved(value));
    const [problem] = known.flatMap((value) => parameterProblem(name, value, type) ?? []);
    if (problem) throw invalid(pipeline, name in parameters ? 'parameters' : 'arrayParameters', `${problem}; give a default of that type`);
  }
}
