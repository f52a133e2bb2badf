import { App } from 'aws-cdk-lib';
import { ShopReportsStack } from './shop-reports-stack';

new ShopReportsStack(new App(), 'ShopReports');
