/** What a deployment says of the hybrid activation of a worker group: the one with which hosts register with AWS Systems Manager. */

/** Type of the resource. */
export const ACTIVATION_TYPE = 'Custom::DataPipelineActivation';

export interface ActivationProperties {
  /** Name of the role that the hosts get. */
  readonly IamRole: string;
  /** The worker group's own: the hosts are shown by it. */
  readonly DefaultInstanceName: string;
  /** How many hosts may register: CloudFormation makes texts of numbers. */
  readonly RegistrationLimit: string;
  /** Of the hosts. */
  readonly TagKey: string;
  readonly TagValue: string;
  /** Name of the SecureString that keeps the activation's id and code: `<id> <code>`. */
  readonly ParameterName: string;
}

/** What the schedule asks of the function: a new activation, before the old one ends. */
export interface RenewRequest extends ActivationProperties {
  readonly kind: 'renew';
}
