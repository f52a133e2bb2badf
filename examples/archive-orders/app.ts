import { App } from 'aws-cdk-lib';
import { ArchiveOrdersStack } from './archive-orders-stack';

new ArchiveOrdersStack(new App(), 'ArchiveOrders');
