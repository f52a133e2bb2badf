import { App } from 'aws-cdk-lib';
import { BackUpOrdersStack } from './incremental-copy-rds-to-s3-stack';

new BackUpOrdersStack(new App(), 'BackUpOrders');
