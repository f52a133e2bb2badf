import { branch, machine, TASK } from './machine';
import { checkDefinition } from '../../simulator/check';
import { Json } from '../../simulator/task';

type Fields = { [name: string]: Json };

const END: Fields = { Type: 'Pass', End: true };
const task = (fields: Fields) => machine({ S: { Type: 'Task', Resource: TASK, End: true, ...fields } });
const pass = (fields: Fields) => machine({ S: { ...END, ...fields } });
const retry = (fields: Fields) => task({ Retry: [{ ErrorEquals: ['E'], ...fields }] });
const map = (fields: Fields, processor: Fields = {}) => machine({ S: { Type: 'Map', ItemProcessor: { ...branch({ I: END }) as Fields, ...processor }, End: true, ...fields } });

test.each<[string, Json, string]>([
  ['no object', [], 'the definition must be a JSON object; got []'],
  ['no StartAt', { QueryLanguage: 'JSONata', States: { S: END } }, 'state machine: field \'StartAt\' is missing'],
  ['no states', { QueryLanguage: 'JSONata', StartAt: 'S', States: {} }, 'state machine: field \'States\' must hold at least one state'],
  ['a StartAt that leads nowhere', machine({ S: END }, { StartAt: 'T' }), 'state machine: field \'StartAt\' names \'T\', which is not a state of it'],
  ['JSONPath by default', { StartAt: 'S', States: { S: { ...END, InputPath: '$.a' } } },
    'state \'S\': its QueryLanguage is JSONPath (inherited, or by default), with InputPath; only JSONata is interpreted'],
  ['JSONPath in a state', pass({ QueryLanguage: 'JSONPath' }), 'state \'S\': \'QueryLanguage\' can not be \'JSONPath\''],
  ['InputPath', pass({ InputPath: '$' }), 'state \'S\': field \'InputPath\' is JSONPath; only JSONata is interpreted: use Arguments'],
  ['Parameters', task({ Parameters: {} }), 'field \'Parameters\' is JSONPath'],
  ['ResultPath', task({ ResultPath: '$.a' }), 'field \'ResultPath\' is JSONPath; only JSONata is interpreted: use Output or Assign'],
  ['Result', pass({ Result: 1 }), 'field \'Result\' is JSONPath'],
  ['a rule with Variable', machine({ S: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'T' }] }, T: END }), 'state \'S\': Choices[0]: field \'Variable\' is JSONPath'],
  ['an unknown type', machine({ S: { Type: 'Loop' } }), 'state \'S\': field \'Type\' is "Loop"; must be one of Pass, Task'],
  ['an unknown field', pass({ Cmment: 'x' }), 'state \'S\': field \'Cmment\' is unknown; allowed are Type, Comment'],
  ['a field of another type', pass({ Seconds: 1 }), 'field \'Seconds\' is unknown'],
  ['a wrong value', pass({ Comment: 5 }), 'state \'S\': field \'Comment\' must be a string; got 5'],
  ['a broken expression', pass({ Output: { a: ['{% 1 + %}'] } }), 'state \'S\': field \'Output\' has an expression that cannot be compiled:'],
  ['$eval', pass({ Output: '{% $eval("1") %}' }), '$eval is not available in Step Functions; got {% $eval("1") %}'],
  ['a dangling Next', machine({ S: { Type: 'Pass', Next: 'T' } }), 'state \'S\': leads to \'T\', which is not a state of the same scope'],
  ['a Next into a branch', machine({ S: { Type: 'Pass', Next: 'P' }, P: { Type: 'Parallel', Branches: [branch({ I: END })], Next: 'I' } }),
    'state \'P\': leads to \'I\''],
  ['Next and End', pass({ Next: 'S' }), 'state \'S\': needs exactly one of \'Next\' and \'End: true\''],
  ['neither Next nor End', machine({ S: { Type: 'Pass' } }), 'state \'S\': needs exactly one of'],
  ['an unreachable state', machine({ S: END, T: END }), 'state \'T\': no path from StartAt \'S\' leads to it'],
  ['a long name', machine({ ['n'.repeat(81)]: END }), 'its name has 81 characters; at most 80 are allowed'],
  ['a name used in two scopes', machine({ S: { Type: 'Parallel', Branches: [branch({ S: END })], End: true } }),
    'state \'S\': its name is used elsewhere in the definition'],
  ['an inner assignment of an outer variable', machine({
    S: { Type: 'Pass', Assign: { a: 1 }, Next: 'P' },
    P: { Type: 'Parallel', Branches: [branch({ I: { ...END, Assign: { a: 2 } } })], End: true },
  }), 'state \'I\': field \'Assign\' assigns \'a\', a variable of an outer scope'],
  ['a variable called states', pass({ Assign: { states: 1 } }), 'state \'S\': field \'Assign\' has the variable name \'states\''],
  ['a variable with a path', pass({ Assign: { 'a.b': 1 } }), 'field \'Assign\' has the variable name \'a.b\''],
  ['a resource that is none', task({ Resource: 'lambda:invoke' }), 'state \'S\': field \'Resource\' is "lambda:invoke"; must be arn:aws:states:::'],
  ['a heartbeat beyond the timeout', task({ TimeoutSeconds: 10, HeartbeatSeconds: 10 }), 'field \'HeartbeatSeconds\' is 10; must be smaller than TimeoutSeconds'],
  ['a timeout that is text', task({ TimeoutSeconds: '10' }), 'field \'TimeoutSeconds\' must be an integer from 0 or one {% expression %}; got "10"'],
  ['a retrier without errors', retry({ ErrorEquals: [] }), 'state \'S\': Retry[0]: field \'ErrorEquals\' must hold one or more error names; got []'],
  ['an interval of 0', retry({ IntervalSeconds: 0 }), 'field \'IntervalSeconds\' must be an integer from 1; got 0'],
  ['an interval as an expression', retry({ IntervalSeconds: '{% 1 %}' }), 'field \'IntervalSeconds\' must be an integer from 1'],
  ['a rate below 1', retry({ BackoffRate: 0.5 }), 'field \'BackoffRate\' must be a number from 1; got 0.5'],
  ['a ceiling below the interval', retry({ IntervalSeconds: 5, MaxDelaySeconds: 5 }), 'field \'MaxDelaySeconds\' is 5; must be larger than IntervalSeconds'],
  ['an unknown jitter', retry({ JitterStrategy: 'HALF' }), 'field \'JitterStrategy\' is "HALF"; the simulator interprets FULL and NONE'],
  ['States.ALL among others', retry({ ErrorEquals: ['States.ALL', 'E'] }), 'field \'ErrorEquals\' has States.ALL, which must stand alone'],
  ['States.ALL before others', task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }), 'Retry[0]: field \'ErrorEquals\' has States.ALL'],
  ['a Catch without Next', task({ Catch: [{ ErrorEquals: ['E'] }] }), 'state \'S\': Catch[0]: field \'Next\' is missing'],
  ['a Wait for nothing', machine({ S: { Type: 'Wait', End: true } }), 'state \'S\': needs exactly one of \'Seconds\' and \'Timestamp\''],
  ['no branches', machine({ S: { Type: 'Parallel', Branches: [], End: true } }), 'state \'S\': Branches: must not be empty'],
  ['express children', map({}, { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } }), 'field \'ExecutionType\' is "EXPRESS"; the simulator interprets STANDARD'],
  ['a reader in an inline Map', map({ ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: {} } }), 'ItemReader and ItemBatcher need a ProcessorConfig'],
  ['a reader of CSV', map({ ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: {}, ReaderConfig: { InputType: 'CSV' } } }), 'field \'InputType\' is "CSV"'],
  ['a result writer', map({ ResultWriter: {} }), 'field \'ResultWriter\' is unknown'],
])('%s is refused', (_, definition, message) => {
  expect(() => checkDefinition(definition)).toThrow(message);
});

test('all problems are told at once', () => {
  const definition = machine({ A: { Type: 'Pass', Foo: 1, Next: 'B' }, B: { Type: 'Task', End: true } });
  expect(() => checkDefinition(definition)).toThrow(expect.objectContaining({
    problems: [expect.stringMatching(/^state 'A': field 'Foo'/), 'state \'B\': field \'Resource\' is missing'],
  }));
});

test('branches may use the same variable names', () => {
  const inner = (name: string) => branch({ [name]: { ...END, Assign: { a: 1 } } });
  expect(() => checkDefinition(machine({ S: { Type: 'Parallel', Branches: [inner('A'), inner('B')], End: true } }))).not.toThrow();
});
