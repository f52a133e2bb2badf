import { App } from 'aws-cdk-lib';
import { NightlyOrdersStack } from './nightly-orders-stack';

new NightlyOrdersStack(new App(), 'NightlyOrders');
