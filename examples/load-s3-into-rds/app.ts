import { App } from 'aws-cdk-lib';
import { LoadPricesStack } from './load-s3-into-rds-stack';

new LoadPricesStack(new App(), 'LoadPrices');
