import { PGlite } from '@electric-sql/pglite';
// jest itself depends on it.
// eslint-disable-next-line import/no-extraneous-dependencies
import { TestEnvironment } from 'jest-environment-node';

/**
 * Gives a test file `openDatabase()`. PGlite imports modules dynamically, which code that jest loads for a test cannot; an
 * environment is loaded by Node.
 */
export default class DatabaseEnvironment extends TestEnvironment {
  public async setup(): Promise<void> {
    await super.setup();
    this.global.openDatabase = () => PGlite.create();
  }
}
