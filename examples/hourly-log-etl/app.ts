import { App } from 'aws-cdk-lib';
import { LogEtlStack } from './log-etl-stack';

new LogEtlStack(new App(), 'HourlyLogEtl');
