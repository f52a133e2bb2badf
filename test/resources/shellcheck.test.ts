/** What ShellCheck says of our shell scripts; it is SHELLCHECK. */
import { spawnSync } from 'node:child_process';
import { RUN_SCRIPT } from '../../src/activities/cluster-work';
import { RUN_PARTS } from '../../src/activities/run-parts';
import { RUN_TASK } from '../../src/resources/cluster-task-script';
import { startInstance, startTask } from '../../src/resources/task-script';

const { SHELLCHECK, CI_TIERS } = process.env;
const ready = SHELLCHECK !== undefined || CI_TIERS !== undefined;
if (!ready) console.warn('SHELLCHECK is not set, so no shell script is checked; .ci/run does that');

const PROXY = ['--httpProxy=proxy:3128', '--httpProxySecret=arn:aws:secretsmanager:us-east-1:111111111111:secret:proxy'];
const SCRIPTS = {
  'when an instance starts': startInstance(3600),
  'when an instance starts behind a proxy': startInstance(3600, PROXY),
  'for a task on an instance': startTask('c0ffee', 'x.js', 'eu-central-1').replace(/\{\{ (\w+) \}\}/g, '$1'),
  'for a task on a cluster': RUN_TASK,
  'for a script on a cluster': `#!/bin/bash\n${RUN_SCRIPT}\n`,
  'for a script in parts': `#!/bin/bash\n${RUN_PARTS}\n`,
};

// Not: pathnames are without spaces or patterns (2086), `a && b || c` is meant so (2015), a trap's text is that of the moment (2064),
// and functions of one script stand in others that use some of them (2317, 2329).
const EXCLUDED = 'SC2086,SC2015,SC2064,SC2317,SC2329';

const check = ready ? test.each(Object.entries(SCRIPTS)) : test.skip.each(Object.entries(SCRIPTS));
check('nothing is wrong with what runs %s', (_, script) => {
  const { stdout, status } = spawnSync(SHELLCHECK ?? 'shellcheck', ['--shell=bash', `--exclude=${EXCLUDED}`, '--format=gcc', '-'], { input: script, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
