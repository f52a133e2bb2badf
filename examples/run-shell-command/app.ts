import { App } from 'aws-cdk-lib';
import { CountWordsStack } from './run-shell-command-stack';

new CountWordsStack(new App(), 'CountWords');
