import { spawnSync } from 'node:child_process';
import { startInstance, startTask } from '../../src/resources/task-script';

const HOSTILE = encodeURIComponent(JSON.stringify({ token: "'; touch /hacked; '", task: '$(reboot)`ls`\n"END-OF-TASK"\nEND-OF-TASK' }));

test.each([
  ['when an instance starts', startInstance(3600)],
  ['for a task', startTask('c0ffee', 'x.js', 'eu-central-1').replace('{{ User }}', 'root').replace('{{ Task }}', HOSTILE)],
])('bash reads the script %s', (_, script) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('an instance shuts down in whole minutes, not before its time', () => {
  expect(startInstance(601)).toContain('shutdown -h +11');
});

test('no character of a task means anything to a shell: the document takes no other', () => {
  expect(HOSTILE).toMatch(/^[A-Za-z0-9%_.!~*'()-]+$/);
  expect(HOSTILE).not.toContain('\n');
});
