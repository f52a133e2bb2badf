import { Stack, StackProps } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RunAwsCliCommand, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: a message by the AWS CLI. */
export class SayGoodMorningStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const topic = Topic.fromTopicArn(this, 'Topic', `arn:aws:sns:${this.region}:${this.account}:mornings`);
    const pipeline = new RunAwsCliCommand(this, 'SayGoodMorning', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      awsCliCommand: `aws sns publish --topic-arn ${topic.topicArn} --message 'Good morning'`,
    });
    topic.grantPublish(pipeline.instance);
  }
}
