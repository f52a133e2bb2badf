import { App } from 'aws-cdk-lib';
import { StoreSalesStack } from './store-sales-stack';

new StoreSalesStack(new App(), 'StoreSales');
