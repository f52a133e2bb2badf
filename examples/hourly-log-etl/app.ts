import { App } from 'aws-cdk-lib';
import { LogEtlStack } from './log-etl-stack';

/** The checks of test/checks look at it. */
export const app = new App();
new LogEtlStack(app, 'HourlyLogEtl');
