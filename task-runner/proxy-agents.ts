import { Agent as HttpAgent, AgentOptions, ClientRequestArgs, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, RequestOptions } from 'node:https';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { secretCredentials } from './databases/access';
import { bare, bypasses, ProxyAddress, ProxyCredentials, ProxySettings } from './proxy';

const PATIENCE = 10_000;

/** Where credentials come from, each time anew once they have been refused. */
export type CredentialsOf = (proxy: ProxyAddress, refused: boolean) => Promise<ProxyCredentials | undefined>;

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Connections that go where they lead through tunnels, where there is a proxy. */
export function agentsFor({ https, http, noProxy }: ProxySettings, credentials: CredentialsOf, options: AgentOptions): Agents {
  const tunnel = (proxy?: ProxyAddress) => (proxy === undefined ? undefined : new Tunnels(proxy, noProxy, credentials));
  const keptAlive = { keepAlive: true, ...options };
  return { httpAgent: new TunnelledHttpAgent(tunnel(http), keptAlive), httpsAgent: new TunnelledHttpsAgent(tunnel(https), keptAlive) };
}

type Target = { readonly host?: string | null; readonly port?: number | string | null };
type Connected = (error: Error | null, socket: Duplex) => void;
/** Beside an error, whatever the types say. */
const NO_SOCKET = undefined as unknown as Duplex;

class Tunnels {
  private refused = false;

  constructor(private readonly proxy: ProxyAddress, private readonly noProxy: readonly string[], private readonly credentials: CredentialsOf) {}

  leadTo({ host, port }: Target): boolean {
    return !bypasses(this.noProxy, bare(host ?? ''), Number(port));
  }

  /** @throws Error that says what the proxy answered */
  async to({ host, port }: Target): Promise<Socket> {
    const credentials = await this.credentials(this.proxy, this.refused);
    const { status, socket } = await this.connect(`${host?.includes(':') ? `[${bare(host)}]` : host}:${port}`, credentials);
    this.refused = status === 407;
    if (status === 200) return socket;
    socket.destroy();
    throw new Error(`the proxy ${this.proxy.host}:${this.proxy.port} does not connect to ${host}:${port}: status ${status}`
      + (this.refused ? ', it wants other credentials' : ''));
  }

  private async connect(path: string, credentials?: ProxyCredentials): Promise<{ status: number | undefined; socket: Socket }> {
    const { host, port, tls } = this.proxy;
    const basic = credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    const headers = { host: path, ...basic === undefined ? {} : { 'proxy-authorization': `Basic ${basic}` } };
    return new Promise((resolve, reject) => {
      const request = (tls ? httpsRequest : httpRequest)({ host, port, method: 'CONNECT', path, headers, agent: false });
      const late = setTimeout(() => request.destroy(new Error(`the proxy ${host}:${port} does not answer`)), PATIENCE);
      request.once('connect', ({ statusCode }, socket) => resolve({ status: statusCode, socket: socket as Socket }));
      request.once('error', reject).once('close', () => clearTimeout(late)).once('connect', () => clearTimeout(late)).end();
    });
  }
}

class TunnelledHttpAgent extends HttpAgent {
  constructor(private readonly tunnels: Tunnels | undefined, options: AgentOptions) {
    super(options);
  }

  createConnection(options: ClientRequestArgs, connected?: Connected): Duplex | null | undefined {
    if (!this.tunnels?.leadTo(options)) return super.createConnection(options, connected);
    this.tunnels.to(options).then((socket) => connected?.(null, socket), (error: Error) => connected?.(error, NO_SOCKET));
    return undefined;
  }
}

class TunnelledHttpsAgent extends HttpsAgent {
  constructor(private readonly tunnels: Tunnels | undefined, options: AgentOptions) {
    super(options);
  }

  createConnection(options: RequestOptions, connected?: Connected): Duplex | null | undefined {
    if (!this.tunnels?.leadTo(options)) return super.createConnection(options, connected);
    const encrypted = (socket: Socket) => super.createConnection({ ...options, socket } as RequestOptions);
    this.tunnels.to(options).then((socket) => connected?.(null, encrypted(socket) as Duplex), (error: Error) => connected?.(error, NO_SOCKET));
    return undefined;
  }
}

/** Of the secret where there is one, read when it is needed first and when what it said is refused; else of the address. */
export function proxyCredentials({ secretId, user }: ProxySettings, read: (id: string) => Promise<string>): CredentialsOf {
  let known: Promise<ProxyCredentials> | undefined;
  return async ({ credentials }, refused) => {
    if (secretId === undefined) return credentials;
    if (refused) known = undefined;
    known ??= read(secretId).then((secret) => secretCredentials(secret, { secretId, username: user }));
    known.catch(() => { known = undefined; });
    return known;
  };
}
