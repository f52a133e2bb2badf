import { Intrinsics } from '../../simulator/stack/intrinsics';
import { Resources } from '../../simulator/stack/resources';
import { Json } from '../../simulator/task';

const resources = new Resources({
  Parameters: { Stage: { Default: 'prod' }, Owner: {} },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'logs-of-mine' } },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Topic: { Type: 'AWS::SNS::Topic' },
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: { Type: 'AWS::IAM::Role' },
    Machine: { Type: 'AWS::StepFunctions::StateMachine' },
    Worker: { Type: 'AWS::StepFunctions::Activity', Properties: { Name: 'Plant' } },
    Function: { Type: 'AWS::Lambda::Function' },
    Network: { Type: 'AWS::EC2::Subnet' },
  },
}, { stackName: 'Shop', region: 'eu-central-1', accountId: '222222222222' });

const resolved = (value: Json) => new Intrinsics(resources, "resource 'Machine'").resolve(value);

test.each<[string, Json, Json]>([
  ['a bucket', { Ref: 'Bucket' }, 'shop-bucket'],
  ['a bucket with a name', { Ref: 'Named' }, 'logs-of-mine'],
  ['a bucket\'s ARN', { 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:s3:::logs-of-mine'],
  ['a table', { Ref: 'Table' }, 'Shop-Table'],
  ['a table\'s ARN', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:eu-central-1:222222222222:table/Shop-Table'],
  ['a topic', { Ref: 'Topic' }, 'arn:aws:sns:eu-central-1:222222222222:Shop-Topic'],
  ['a topic\'s name', { 'Fn::GetAtt': ['Topic', 'TopicName'] }, 'Shop-Topic'],
  ['a queue', { Ref: 'Queue' }, 'https://sqs.eu-central-1.amazonaws.com/222222222222/Shop-Queue'],
  ['a role\'s ARN', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::222222222222:role/Shop-Role'],
  ['a state machine', { Ref: 'Machine' }, 'arn:aws:states:eu-central-1:222222222222:stateMachine:Machine'],
  ['an activity', { Ref: 'Worker' }, 'arn:aws:states:eu-central-1:222222222222:activity:Plant'],
  ['a function', { Ref: 'Function' }, 'Shop-Function'],
  ['what it has no naming for', { 'Fn::GetAtt': 'Network.CidrBlock' }, 'Shop-Network-CidrBlock'],
  ['a parameter', { Ref: 'Stage' }, 'prod'],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
  ['text with names', { 'Fn::Sub': 's3://assets-${AWS::AccountId}-${Stage}/${Table.Arn}/${!Kept}' },
    's3://assets-222222222222-prod/arn:aws:dynamodb:eu-central-1:222222222222:table/Shop-Table/${Kept}'],
  ['text with names of its own', { 'Fn::Sub': ['${Where}/${Stage}', { Where: { Ref: 'Named' } }] }, 'logs-of-mine/prod'],
  ['joined text', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', 1]] }, 'arn:aws:1'],
  ['a part of split text', { 'Fn::Select': ['5', { 'Fn::Split': [':', { Ref: 'Topic' }] }] }, 'Shop-Topic'],
  ['an item that is split text, joined', { 'Fn::Join': ['-', { 'Fn::Split': ['/', 'a/b'] }] }, 'a-b'],
  ['what is left out', { Kept: [1, { Ref: 'AWS::NoValue' }], Gone: { Ref: 'AWS::NoValue' } }, { Kept: [1] }],
  ['what is no intrinsic', { Ref: 'x', Other: true }, { Ref: 'x', Other: true }],
])('%s', (_, value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test.each<[string, Json, string]>([
  ['an intrinsic that is not known', { 'Fn::ImportValue': 'x' }, "resource 'Machine': Fn::ImportValue is not resolved here; known are Ref, Fn::GetAtt"],
  ['a resource that is not there', { Ref: 'Absent' }, "resource 'Machine': refers to 'Absent', which the template does not have"],
  ['a parameter without a value', { Ref: 'Owner' }, "resource 'Machine': parameter 'Owner' has no default and was given no value"],
  ['an item that is not there', { 'Fn::Select': [2, ['a']] }, "resource 'Machine': Fn::Select has no item 2"],
  ['a list in text', { 'Fn::Join': ['', [['a']]] }, "resource 'Machine': text is expected, not [\"a\"]"],
  ['half a pair', { 'Fn::Split': [':'] }, "resource 'Machine': two arguments are expected, not [\":\"]"],
])('%s is refused by name', (_, value, message) => {
  expect(() => resolved(value)).toThrow(message);
});
