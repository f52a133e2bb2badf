import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider, Checksum, SourceData } from '@smithy/types';

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
  id: string, region: string, credentials: AwsCredentialIdentityProvider, endpoint: string | undefined, signal: AbortSignal,
): Promise<RdsInstance> {
  const url = new URL(endpoint ?? `https://rds.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
  const body = new URLSearchParams({ Action: 'DescribeDBInstances', Version: '2014-10-31', DBInstanceIdentifier: id }).toString();
  const request = {
    method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', body, headers: { 'host': url.host, 'content-type': 'application/x-www-form-urlencoded' },
  };
  const { headers } = await new SignatureV4({ service: 'rds', region, credentials, sha256: Sha256 }).sign(request);
  const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Amazon RDS: ${element(text, 'Code') ?? response.status}: ${element(text, 'Message') ?? response.statusText}`);
  return instanceOf(id, text);
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
