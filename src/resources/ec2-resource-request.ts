/** What the props of an instance say of the request that launches it. What the run itself decides on is not in it. */
import { Stack } from 'aws-cdk-lib';
import { InstanceArchitecture, InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { Ec2ResourceProps } from './ec2-resource';

type Fields = { readonly [field: string]: unknown };

const INSTANCE_TYPE = 't3.small';
const ON_DEMAND_PRICE = 'OnDemandPrice';

export function runInstancesOf(props: Ec2ResourceProps, instanceProfile: string): Fields {
  const { instanceType = INSTANCE_TYPE, keyPair, availabilityZone, securityGroupNames } = props;
  return {
    ImageId: props.imageId ?? `resolve:ssm:${imageParameter(props)}`,
    InstanceType: instanceType,
    IamInstanceProfile: { Name: instanceProfile },
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    KeyName: keyPair?.keyPairName,
    Placement: availabilityZone === undefined ? undefined : { AvailabilityZone: availabilityZone },
    SecurityGroups: securityGroupNames,
    ...network(props),
  };
}

/** Whether there is a public address is said of a network interface, which then has the subnet and the groups. */
function network({ subnet, securityGroups, associatePublicIpAddress }: Ec2ResourceProps): Fields {
  const groups = securityGroups?.map(({ securityGroupId }) => securityGroupId);
  if (associatePublicIpAddress === undefined) return { SubnetId: subnet?.subnetId, SecurityGroupIds: groups };
  const face = { DeviceIndex: 0, SubnetId: subnet?.subnetId, Groups: groups, AssociatePublicIpAddress: associatePublicIpAddress };
  return { NetworkInterfaces: [face] };
}

/** Without a price of its own, a Spot Instance may cost what it costs on demand. */
export function marketOf({ spotBidPrice }: Ec2ResourceProps): Fields | undefined {
  if (spotBidPrice === undefined) return undefined;
  const price = spotBidPrice === ON_DEMAND_PRICE ? {} : { MaxPrice: spotBidPrice };
  return { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate', ...price } };
}

/** Name of the public parameter with the id of the newest Amazon Linux 2023. */
export function imageParameter({ instanceType = INSTANCE_TYPE }: Ec2ResourceProps): string {
  const arm = new InstanceType(instanceType).architecture === InstanceArchitecture.ARM_64;
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${arm ? 'arm64' : 'x86_64'}`;
}

/** ARNs of what the request names: images, and what it is launched into. */
export function launchedWith(stack: Stack, { imageId, subnet, securityGroups, keyPair }: Ec2ResourceProps): string[] {
  const arn = (resource: string, name: string, account?: string) => stack.formatArn({ service: 'ec2', resource, resourceName: name, account });
  return [
    arn('image', imageId ?? '*', ''),
    arn('network-interface', '*'),
    arn('subnet', subnet?.subnetId ?? '*'),
    ...securityGroups?.map(({ securityGroupId }) => arn('security-group', securityGroupId)) ?? [arn('security-group', '*')],
    ...keyPair ? [arn('key-pair', keyPair.keyPairName)] : [],
  ];
}
