import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
// jest itself depends on it.
// eslint-disable-next-line import/no-extraneous-dependencies
import { TestEnvironment } from 'jest-environment-node';

/**
 * Gives a test file `openDatabase()` and `serveDatabase(database)`. PGlite imports modules dynamically, which code that jest loads for a test cannot; an
 * environment is loaded by Node.
 */
export default class DatabaseEnvironment extends TestEnvironment {
  public async setup(): Promise<void> {
    await super.setup();
    this.global.openDatabase = () => PGlite.create();
    this.global.serveDatabase = serveDatabase;
  }
}

/** At a port of its own, for one connection at a time. */
async function serveDatabase(db: PGlite): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = new PGLiteSocketServer({ db, port: 0 });
  await server.start();
  return { port: Number(server.getServerConn().split(':')[1]), stop: async () => server.stop() };
}
