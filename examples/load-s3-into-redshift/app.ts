import { App } from 'aws-cdk-lib';
import { LoadHitsStack } from './load-s3-into-redshift-stack';

new LoadHitsStack(new App(), 'LoadHits');
