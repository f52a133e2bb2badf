import { shellTask } from './tasks';
import { commandEnvironment } from '../../task-runner/environment';

const none = { inputs: [], outputs: [] };

test('passes the host\'s environment on, without what gives access to AWS', () => {
  const own = {
    PATH: '/bin',
    HOME: '/root',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_S3: 'http://localhost',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_SESSION_TOKEN: 'x',
    AWS_PROFILE: 'x',
    AWS_CONFIG_FILE: 'x',
    AWS_SHARED_CREDENTIALS_FILE: 'x',
    AWS_WEB_IDENTITY_TOKEN_FILE: 'x',
    AWS_ROLE_ARN: 'x',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'x',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'x',
  };
  expect(commandEnvironment(own, shellTask({ attempt: 2 }), none, 'an-id')).toEqual({
    PATH: '/bin',
    HOME: '/root',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_S3: 'http://localhost',
    DATA_PIPELINE_OBJECT: 'Extract',
    DATA_PIPELINE_RUN: '2026-12-01T00-00-00Z',
    DATA_PIPELINE_ATTEMPT: '2',
    DATA_PIPELINE_ATTEMPT_ID: 'an-id',
  });
});

test.each([
  ['http://user:pass@proxy:3128', 'http://proxy:3128'],
  ['user:p@ss@proxy:3128', 'proxy:3128'],
  ['http://proxy:3128', 'http://proxy:3128'],
])('a proxy %s becomes %s', (HTTPS_PROXY, expected) => {
  const environment = commandEnvironment({ HTTPS_PROXY, https_proxy: HTTPS_PROXY }, shellTask(), none, '');
  expect(environment).toMatchObject({ HTTPS_PROXY: expected, https_proxy: expected });
});

test('counts the staging directories from 1', () => {
  expect(commandEnvironment({ OUTPUT2_STAGING_DIR: '/kept' }, shellTask(), { inputs: ['/i/1', '/i/2'], outputs: ['/o/1'] }, ''))
    .toMatchObject({ INPUT1_STAGING_DIR: '/i/1', INPUT2_STAGING_DIR: '/i/2', OUTPUT1_STAGING_DIR: '/o/1' });
});
