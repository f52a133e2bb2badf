import { createServer, Server } from 'node:http';
import { AddressInfo, connect, Socket } from 'node:net';

/** A proxy that connects, for who has the password. */
export class ConnectProxy {
  public static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  public password = 'sesame';
  /** Whom it connected to, in turn. */
  public readonly connected: string[] = [];
  /** How many it sent away. */
  public refusals = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((_, response) => void response.writeHead(405).end());

  private constructor() {
    this.server.on('connect', (request, socket: Socket) => {
      const expected = `Basic ${Buffer.from(`plant:${this.password}`).toString('base64')}`;
      if (request.headers['proxy-authorization'] === expected) return this.join(socket, String(request.url));
      this.refusals += 1;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="plant"\r\n\r\n');
    });
  }

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(socket: Socket, target: string): void {
    const url = new URL(`http://${target}`);
    const other = connect(Number(url.port), url.hostname, () => {
      this.connected.push(target);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(other).pipe(socket);
    });
    for (const [one, its] of [[socket, other], [other, socket]] as const) {
      this.sockets.add(one);
      one.on('error', () => its.destroy()).on('close', () => its.destroy());
    }
  }
}
