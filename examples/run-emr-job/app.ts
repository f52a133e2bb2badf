import { App } from 'aws-cdk-lib';
import { SessionsStack } from './run-emr-job-stack';

new SessionsStack(new App(), 'Sessions');
