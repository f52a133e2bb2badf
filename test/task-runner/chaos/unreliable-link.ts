import { Agent, createServer, IncomingMessage, request as httpRequest, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the service was asked, and what it answered, whether or not the answer arrived. */
export interface Exchange {
  readonly action: string;
  readonly status: number;
  readonly request: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, string>>;
}

type Refuses = (request: Exchange['request']) => string | undefined;

/** The way from Task Runner to Step Functions: it can be cut, and some of what goes along it fails, or is done and not answered. */
export class UnreliableLink {
  /** `refuses` says which error a request is answered with in place of the service. */
  public static async to(
    service: string, random: () => number, onExchange: (exchange: Exchange) => void, refuses?: Refuses,
  ): Promise<UnreliableLink> {
    const link = new UnreliableLink(new URL(service), random, onExchange, refuses);
    await new Promise<void>((resolve) => link.server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  /** Of all requests. */
  public failing = 0;
  private down = false;
  private readonly sockets = new Set<Socket>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  private readonly server: Server = createServer((request, response) => void this.pass(request, response).catch(() => request.socket.destroy()));

  private constructor(
    private readonly service: URL, private readonly random: () => number, private readonly onExchange: (exchange: Exchange) => void,
    private readonly refuses?: Refuses,
  ) {
    this.server.on('connection', (socket: Socket) => {
      if (this.down) return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public cut(): void {
    this.down = true;
    for (const socket of this.sockets) socket.destroy();
  }

  public restore(): void {
    this.down = false;
  }

  public async close(): Promise<void> {
    this.cut();
    this.agent.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const fate = this.random() < this.failing ? Math.floor(3 * this.random()) : undefined;
    if (fate === 0) return answer(response, 400, JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }));
    if (fate === 1) return answer(response, 500, JSON.stringify({ __type: 'InternalServerError' }));
    const refusal = this.refuses?.(JSON.parse(body) as Record<string, string>);
    if (refusal !== undefined) return answer(response, 400, JSON.stringify({ __type: refusal }));
    const { status, text: said } = await this.forward(request, response, body);
    const action = String(request.headers['x-amz-target']).split('.')[1];
    this.onExchange({ action, status, request: JSON.parse(body) as Record<string, string>, response: JSON.parse(said) as Record<string, string> });
    if (fate === 2) request.socket.destroy();
    else answer(response, status, said);
  }

  private async forward({ method, headers }: IncomingMessage, response: ServerResponse, body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.service;
      const on = httpRequest({ hostname, port, method, headers, path: '/', agent: this.agent }, (reply) => {
        text(reply).then((said) => resolve({ status: reply.statusCode ?? 0, text: said }), reject);
      });
      // A poll that nobody waits for ends, where the service knows how to end it; what else has been sent is done.
      if (this.refuses === undefined && String(headers['x-amz-target']).endsWith('GetActivityTask')) response.once('close', () => on.destroy());
      on.once('error', reject).end(body);
    });
  }
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(body);
}
