import { App } from 'aws-cdk-lib';
import { OnDemandExportStack } from './on-demand-export-stack';

new OnDemandExportStack(new App(), 'OnDemandExport');
