import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { Agents } from './proxy-agents';

const TRUSTED_FOR = 10 * 60_000;

/**
 * The SDK's default chain, asked anew every few minutes. On a managed node the SSM agent keeps rotating the keys in the shared
 * credentials file, which says nothing of their expiration; the SDK would keep the first ones that it read for ever.
 */
export function rotatedCredentials(requestHandler?: Agents): AwsCredentialIdentityProvider {
  return async () => {
    const found = await defaultProvider({ ignoreCache: true, clientConfig: { requestHandler } })();
    return { ...found, expiration: found.expiration ?? new Date(Date.now() + TRUSTED_FOR) };
  };
}
