import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RotatedLog } from '../../task-runner/rotated-log';

let directory: string;
beforeEach(() => { directory = join(mkdtempSync(join(tmpdir(), 'rotated-log-test-')), 'logs'); });
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

test('never has more than five files of its size, the newest lines among them', () => {
  const log = new RotatedLog(directory, 100);
  for (let line = 0; line < 200; line += 1) {
    log.write(`line ${line}\n`);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(100);
  }
  expect(readdirSync(directory)).toEqual(['task-runner.log', 'task-runner.log.1', 'task-runner.log.2', 'task-runner.log.3', 'task-runner.log.4']);
  const lines = ['.4', '.3', '.2', '.1', ''].flatMap((age) => readFileSync(join(directory, `task-runner.log${age}`), 'utf8').trim().split('\n'));
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, index) => `line ${200 - lines.length + index}`));
  expect(lines.length).toBeGreaterThan(40);
});

test('goes on where the process before ended', () => {
  new RotatedLog(directory).write('before\n');
  new RotatedLog(directory).write('after\n');
  expect(readFileSync(join(directory, 'task-runner.log'), 'utf8')).toBe('before\nafter\n');
});
