import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../free-port';

export const PASSWORD = 'swordfish';

/** A server of a database, of its own for a test. */
export class DatabaseServer {
  /** The folder of PostgreSQL's programs. It does not run as root: as the user `postgres` then. */
  static async postgresql(bin: string): Promise<DatabaseServer> {
    const home = mkdtempSync(join(tmpdir(), 'postgresql-'));
    const user = owner('postgres', home);
    const data = join(home, 'data');
    writeFileSync(join(home, 'password'), PASSWORD);
    const access = ['-U', 'root', '-A', 'scram-sha-256', '--pwfile', join(home, 'password')];
    execFileSync(join(bin, 'initdb'), ['-D', data, ...access, '-E', 'UTF8', '--no-sync'], { ...user, cwd: home });
    const tls = certificate(home, data, user);
    return DatabaseServer.start(home, 'jdbc:postgresql', 'postgres', (port) => (
      spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-k', home, '-c', 'fsync=off', ...tls.flatMap((option) => ['-c', option])], { ...user, cwd: home })
    ));
  }

  /** The server's program. */
  static async mariadb(program: string): Promise<DatabaseServer> {
    const home = mkdtempSync(join(tmpdir(), 'mariadb-'));
    const user = owner('mysql', home);
    const data = join(home, 'data');
    execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'], { ...user, stdio: 'ignore' });
    certificate(home, data, user);
    const init = join(home, 'init.sql');
    const root = "root@'127.0.0.1'";
    const statements = [`CREATE OR REPLACE USER ${root} IDENTIFIED BY '${PASSWORD}'`, `GRANT ALL ON *.* TO ${root}`, 'CREATE DATABASE shop CHARACTER SET utf8mb4'];
    writeFileSync(init, statements.map((statement) => `${statement};\n`).join(''));
    const options = [`--datadir=${data}`, `--socket=${home}/socket`, `--init-file=${init}`, `--ssl-cert=${data}/server.crt`, `--ssl-key=${data}/server.key`];
    return DatabaseServer.start(home, 'jdbc:mariadb', 'shop', (port) => (
      spawn(program, ['--no-defaults', '--skip-name-resolve', '--bind-address=127.0.0.1', `--port=${port}`, ...options], { ...user, cwd: home })
    ));
  }

  private static async start(home: string, scheme: string, database: string, spawned: (port: number) => ChildProcess): Promise<DatabaseServer> {
    const port = await freePort();
    const server = new DatabaseServer(home, port, `${scheme}://127.0.0.1:${port}/${database}`, spawned(port));
    for (let tries = 0; !await answers(port); tries += 1) {
      if (tries === 300) throw new Error(`no server at ${port}`);
      await setTimeout(100);
    }
    return server;
  }

  /** For the user `root` with the password; its certificate is nobody's. */
  private constructor(
    private readonly home: string, readonly port: number, readonly connectionString: string, private readonly child: ChildProcess,
  ) {}

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Who a server runs as where root may not. */
function owner(name: string, home: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name])));
  chownSync(home, uid, gid);
  return { uid, gid };
}

/** Options of PostgreSQL with it. */
function certificate(home: string, data: string, user: object): string[] {
  const [key, cert] = ['server.key', 'server.crt'].map((name) => join(data, name));
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=nobody', '-days', '2', '-keyout', key, '-out', cert];
  execFileSync('openssl', request, { ...user, cwd: home, stdio: 'ignore' });
  return ['ssl=on', `ssl_key_file=${key}`, `ssl_cert_file=${cert}`];
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
