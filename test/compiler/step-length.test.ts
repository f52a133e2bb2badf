import { pipeline } from './fixture';
import { runMachine } from './machines';
import { EmrActivity, EmrCluster, EmrStep, ShellCommandActivity } from '../../src';

const onCluster = (step: EmrStep) => {
  const scope = pipeline();
  new EmrActivity(scope, 'A', { runsOn: new EmrCluster(scope, 'Cluster'), steps: [step] });
  return () => runMachine(scope);
};
/** `command-runner.jar` and `echo` are 22 characters. */
const echo = (length: number) => EmrStep.command(['echo', 'x'.repeat(length)]);

test('a step that is as long as Amazon EMR takes is let through, and one character more is an error', () => {
  expect(onCluster(echo(10_240 - 22))).not.toThrow();
  expect(onCluster(echo(10_241 - 22))).toThrow('Stack/P/A: steps: step "A" has at most 10240 characters in its jar, arguments and properties; got: at least 10241, '
    + '1 too many; give a script in Amazon S3 in place of text, or fewer arguments');
});

test('properties count, and what only the run knows does not', () => {
  const jar = (value: string) => onCluster(EmrStep.jar({ jar: 's3://jars/a.jar', arguments: ['x'.repeat(10_200)], properties: { name: value } }));
  expect(jar('x'.repeat(30))).toThrow('got: at least 10249, 9 too many');
  expect(jar('#{format(@scheduledStartTime, \'YYYY-MM-dd-HH-mm-ss-YYYY-MM-dd\')}')).not.toThrow();
});

test('a command for Task Runner counts in percent-encoding', () => {
  const scope = pipeline();
  new ShellCommandActivity(scope, 'A', { runsOn: new EmrCluster(scope, 'Cluster'), command: `echo ${'"'.repeat(3000)}` });
  expect(() => runMachine(scope)).toThrow(/Stack\/P\/A: runsOn: step "A" has at most 10240 characters .* \d+ too many/);
});
