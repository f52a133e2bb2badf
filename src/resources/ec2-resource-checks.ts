/** The rules of an instance's props; each throws the error that names the prop and the mend. */
import { Token } from 'aws-cdk-lib';
import type { Ec2Resource, Ec2ResourceProps } from './ec2-resource';
import { checkActions, checkDuration, checkRetries } from '../checks';
import { invalid } from '../errors';

const BID_PRICE = /^(OnDemandPrice|\d{1,4}(\.\d{1,5})?)$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const SHORTEST_TERMINATE_AFTER = 600;

/** Throws if a prop of an instance is none that it can have, or goes not with the others. */
export function checkInstance(resource: Ec2Resource, props: Ec2ResourceProps): void {
  checkRetries(resource, props);
  checkActions(resource, props);
  checkDuration(resource, 'initTimeout', props.initTimeout, 60);
  checkDuration(resource, 'terminateAfter', props.terminateAfter, SHORTEST_TERMINATE_AFTER);
  checkDuration(resource, 'reportProgressTimeout', props.reportProgressTimeout, 10);
  checkMatches(resource, 'instanceType', props.instanceType, INSTANCE_TYPE, 'is an instance type, such as "t3.small"');
  checkMatches(resource, 'imageId', props.imageId, /^ami-[0-9a-f]+$/, 'is the id of an image, such as "ami-0123456789abcdef0"');
  checkMatches(resource, 'runAsUser', props.runAsUser, USER, 'is a user of Linux: lower-case letters, digits, "-" and "_"');
  checkMatches(resource, 'spotBidPrice', props.spotBidPrice, BID_PRICE, 'is US dollars an hour, such as "0.035", or "OnDemandPrice"');
  checkPlacement(resource, props);
  if (props.useOnDemandOnLastAttempt && props.spotBidPrice === undefined) {
    throw invalid(resource, 'useOnDemandOnLastAttempt', 'got: true, and no Spot Instance; give spotBidPrice');
  }
}

function checkPlacement(resource: Ec2Resource, props: Ec2ResourceProps): void {
  const { subnet, availabilityZone, securityGroups, securityGroupNames, associatePublicIpAddress } = props;
  if (subnet && availabilityZone !== undefined) {
    throw invalid(resource, 'availabilityZone', `got: "${availabilityZone}" and subnet, which lies in one; give one of the two`);
  }
  if (securityGroupNames && (subnet ?? securityGroups)) {
    throw invalid(resource, 'securityGroupNames', `are of the default VPC; got: them and ${subnet ? 'subnet' : 'securityGroups'}; give securityGroups`);
  }
  if (associatePublicIpAddress !== undefined && !subnet) {
    throw invalid(resource, 'associatePublicIpAddress', `got: ${associatePublicIpAddress} without subnet; give the subnet`);
  }
}

function checkMatches(resource: Ec2Resource, prop: string, value: string | undefined, pattern: RegExp, allowed: string): void {
  if (value === undefined || Token.isUnresolved(value) || pattern.test(value)) return;
  throw invalid(resource, prop, `${allowed}; got: "${value}"`);
}
