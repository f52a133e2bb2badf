/** Instance types that Amazon EC2 launches no more, or hardly, and what is of the same size now. */

/** Smallest that nodes of Amazon EMR may be. */
const EMR_SMALLEST = 'm5.xlarge';
const SUCCESSORS: Readonly<Record<string, string>> = {
  'cc1.4xlarge': 'c5.4xlarge',
  'cc2.8xlarge': 'c5.9xlarge',
  'cg1.4xlarge': 'g4dn.4xlarge',
  'cr1.8xlarge': 'r5.8xlarge',
  'c1.medium': 'c5.large',
  'c1.xlarge': 'c5.2xlarge',
  'g2.2xlarge': 'g4dn.2xlarge',
  'g2.8xlarge': 'g4dn.8xlarge',
  'hi1.4xlarge': 'i3.4xlarge',
  'hs1.8xlarge': 'd3.8xlarge',
  'm1.small': 't3.small',
  'm1.medium': 't3.medium',
  'm1.large': 'm5.large',
  'm1.xlarge': 'm5.xlarge',
  'm2.xlarge': 'r5.large',
  'm2.2xlarge': 'r5.xlarge',
  'm2.4xlarge': 'r5.2xlarge',
  'm3.medium': 't3.medium',
  't1.micro': 't3.micro',
};
const FAMILIES: Readonly<Record<string, string>> = { c3: 'c5', i2: 'i3', m3: 'm5', r3: 'r5' };
const SMALL = /^t\d|\.(nano|micro|small|medium|large)$/;

/** What to launch in its place; the same if it can be had. */
export function successorOf(type: string, emr: boolean): string {
  const [family, size] = type.split('.');
  const found = Object.hasOwn(SUCCESSORS, type) ? SUCCESSORS[type] : Object.hasOwn(FAMILIES, family) ? `${FAMILIES[family]}.${size}` : type;
  return emr && found !== type && SMALL.test(found) ? EMR_SMALLEST : found;
}
