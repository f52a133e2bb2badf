import { Arn, ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { ACTIVATION_TYPE, ActivationProperties, RenewRequest } from '../contract/activation';
import type { Pipeline } from '../pipeline';

export interface HostActivationProps {
  readonly pipeline: Pipeline;
  readonly name: string;
  readonly role: IRole;
  readonly registrationLimit: number;
  readonly tagKey: string;
  readonly tagValue: string;
}

/**
 * The hybrid activation with which hosts register, to be of a worker group from then on. Its code is in a SecureString and nowhere else. An
 * activation lives 30 days: every day the function that made it looks whether it is time for another.
 */
export class HostActivation extends Construct {
  public readonly parameterName: string;

  constructor(scope: Construct, id: string, private readonly props: HostActivationProps) {
    super(scope, id);
    const { pipeline: { _lifecycle: lifecycle }, role, name, registrationLimit, tagKey, tagValue } = props;
    this.parameterName = `/datapipeline/worker-groups/${name}`;
    const properties: ActivationProperties = {
      IamRole: role.roleName,
      DefaultInstanceName: name,
      RegistrationLimit: String(registrationLimit),
      TagKey: tagKey,
      TagValue: tagValue,
      ParameterName: this.parameterName,
    };
    const activation = new CustomResource(this, 'Activation', {
      resourceType: ACTIVATION_TYPE, serviceToken: lifecycle.functionArn, serviceTimeout: Duration.minutes(5), properties: { ...properties },
    });
    for (const statement of this.statements()) {
      const { policyDependable } = lifecycle.grantPrincipal.addToPrincipalPolicy(statement);
      if (policyDependable) activation.node.addDependency(policyDependable);
    }
    this.renewDaily({ kind: 'renew', ...properties });
  }

  /** Activations have no resource types. */
  private statements(): PolicyStatement[] {
    const { role, tagKey } = this.props;
    const parameter = Arn.format({
      service: 'ssm', resource: 'parameter', resourceName: this.parameterName.slice(1), arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }, Stack.of(this));
    return [
      new PolicyStatement({ actions: ['ssm:CreateActivation', 'ssm:DescribeActivations', 'ssm:DeleteActivation'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['ssm:AddTagsToResource'], resources: ['*'], conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKey] } },
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      }),
      new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'], resources: [parameter] }),
    ];
  }

  private renewDaily(request: RenewRequest): void {
    const { pipeline: { _lifecycle: lifecycle }, name } = this.props;
    const role = new Role(this, 'RenewRole', {
      description: `Renews the activation of worker group ${name}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lifecycle.functionArn] }));
    new CfnSchedule(this, 'Renew', {
      description: `Renews the activation of worker group ${name}`,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 60 },
      scheduleExpression: 'rate(1 day)',
      target: { arn: lifecycle.functionArn, roleArn: role.roleArn, input: Stack.of(this).toJsonString(request) },
    });
  }
}
