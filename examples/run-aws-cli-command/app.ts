import { App } from 'aws-cdk-lib';
import { SayGoodMorningStack } from './run-aws-cli-command-stack';

new SayGoodMorningStack(new App(), 'SayGoodMorning');
