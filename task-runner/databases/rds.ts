import { createHash, createHmac } from 'node:crypto';
import { IncomingMessage, request as httpRequest, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, SourceData } from '@smithy/types';
import type { AwsAccess } from '../connections';

/** An instance of Amazon RDS, and where it is. */
export interface RdsInstance {
  /** As Amazon RDS names it. */
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  /** The database that it was created with. */
  readonly databaseName?: string;
}

const TIMEOUT = 10_000;

/** The one call to Amazon RDS that Task Runner makes. @throws Error in words of Amazon RDS */
export async function describeInstance(
  id: string, { region, credentials, requestHandler }: AwsAccess, endpoint: string | undefined, signal: AbortSignal,
): Promise<RdsInstance> {
  const url = new URL(endpoint ?? `https://rds.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
  const body = new URLSearchParams({ Action: 'DescribeDBInstances', Version: '2014-10-31', DBInstanceIdentifier: id }).toString();
  const request = {
    method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', body, headers: { 'host': url.host, 'content-type': 'application/x-www-form-urlencoded' },
  };
  const { headers } = await new SignatureV4({ service: 'rds', region, credentials, sha256: Sha256 }).sign(request);
  const agent = url.protocol === 'https:' ? requestHandler.httpsAgent : requestHandler.httpAgent;
  const response = await post(url, body, { headers, agent, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
  const text = await textOf(response);
  if (response.statusCode !== 200) {
    throw new Error(`Amazon RDS: ${element(text, 'Code') ?? response.statusCode}: ${element(text, 'Message') ?? response.statusMessage}`);
  }
  return instanceOf(id, text);
}

async function post(url: URL, body: string, options: RequestOptions): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(url, { ...options, method: 'POST' }, resolve).once('error', reject).end(body);
  });
}

function instanceOf(id: string, text: string): RdsInstance {
  const endpoint = element(text, 'Endpoint') ?? '';
  const [engine, host, port] = [element(text, 'Engine'), element(endpoint, 'Address'), element(endpoint, 'Port')];
  if (engine === undefined || host === undefined || port === undefined) {
    throw new Error(`instance ${id} has no endpoint yet: it is ${element(text, 'DBInstanceStatus') ?? 'of no status'}`);
  }
  const databaseName = element(text, 'DBName');
  return { engine, host, port: Number(port), ...databaseName === undefined ? {} : { databaseName } };
}

/** The first such element; the answers have no attributes, and what is read here no markup. */
function element(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1];
}

/** As the signer wants it. */
class Sha256 implements Checksum {
  private readonly hash;

  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: SourceData): void {
    this.hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
