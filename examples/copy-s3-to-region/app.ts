import { App } from 'aws-cdk-lib';
import { CopyTextsStack } from './copy-s3-to-region-stack';

new CopyTextsStack(new App(), 'CopyTexts');
