import { App } from 'aws-cdk-lib';
import { RefreshTestDatabaseStack } from './refresh-test-database-stack';

new RefreshTestDatabaseStack(new App(), 'RefreshTestDatabase');
