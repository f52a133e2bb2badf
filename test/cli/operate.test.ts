import { operatorCommands } from '../../cli/operate';

const [run] = operatorCommands();

test('values of parameters: what is given more than once is a list', () => {
  run.parseOptions(['--parameter', 'myTables=orders', '--parameter', 'myDay=a=b', '--parameter', 'myTables=', '--parameter', 'myTables=a b']);
  expect(run.opts().parameter).toEqual({ myTables: ['orders', '', 'a b'], myDay: 'a=b' });
});

test('what is no value of a parameter is refused', () => {
  run.exitOverride().configureOutput({ writeErr: () => undefined });
  expect(() => run.parseOptions(['--parameter', 'myDay'])).toThrow("option '--parameter <name=value...>' argument 'myDay' is invalid. it must be name=value.");
});
