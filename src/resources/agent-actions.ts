/** What SSM Agent calls with the role of its host. Most have no resource types, and none can name a host that is yet to come. */
export const AGENT_ACTIONS = [
  'ssm:UpdateInstanceInformation',
  ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((action) => `ssmmessages:${action}`),
  ...['AcknowledgeMessage', 'DeleteMessage', 'FailMessage', 'GetEndpoint', 'GetMessages', 'SendReply'].map((action) => `ec2messages:${action}`),
];

/** And for what State Manager has it do. */
export const ASSOCIATION_ACTIONS = [
  'ListAssociations', 'ListInstanceAssociations', 'DescribeAssociation', 'UpdateAssociationStatus', 'UpdateInstanceAssociationStatus', 'PutComplianceItems',
].map((action) => `ssm:${action}`);
