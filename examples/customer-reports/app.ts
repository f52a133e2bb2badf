import { App } from 'aws-cdk-lib';
import { CustomerReportsStack } from './customer-reports-stack';

new CustomerReportsStack(new App(), 'CustomerReports');
