import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { EmrStep, RunEmrJob, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: a Spark job on a cluster of its own. */
export class SessionsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new RunEmrJob(this, 'Sessions', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      emrCluster: { applications: ['Spark'], coreInstanceCount: 2, terminateAfter: Duration.hours(3) },
      steps: [EmrStep.sparkSubmit({ entryPoint: 's3://shop-applications/sessions.py' })],
    });
  }
}
