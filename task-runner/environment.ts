import { ATTEMPT_VARIABLE } from './journal';
import { CommonTask } from '../src/contract/task';

/**
 * What a command does not get from Task Runner's environment: whatever gives access to AWS as Task Runner. A command that works on
 * AWS brings credentials of its own. All else is passed on (PATH, HOME, AWS_REGION, AWS_ENDPOINT_URL, ...).
 */
const WITHHELD = [
  'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

/** Proxies are passed on, but without the name and password that their addresses may hold. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

export interface StagingDirectories {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const NOTHING_STAGED: StagingDirectories = { inputs: [], outputs: [] };

export function commandEnvironment(own: NodeJS.ProcessEnv, task: CommonTask, staging: StagingDirectories, attemptId: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...own };
  for (const name of WITHHELD) delete env[name];
  for (const name of PROXIES) if (env[name] !== undefined) env[name] = withoutUser(env[name]);
  staging.inputs.forEach((directory, index) => { env[`INPUT${index + 1}_STAGING_DIR`] = directory; });
  staging.outputs.forEach((directory, index) => { env[`OUTPUT${index + 1}_STAGING_DIR`] = directory; });
  const { object, run, attempt } = task;
  return { ...env, DATA_PIPELINE_OBJECT: object, DATA_PIPELINE_RUN: run, DATA_PIPELINE_ATTEMPT: String(attempt), [ATTEMPT_VARIABLE]: attemptId };
}

function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/i, '$1');
}
