import { App } from 'aws-cdk-lib';
import { BackUpCustomersStack } from './full-copy-rds-to-s3-stack';

new BackUpCustomersStack(new App(), 'BackUpCustomers');
