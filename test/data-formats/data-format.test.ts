import { DataFormat } from '../../src';

test.each<[string, string | undefined]>([
  ['host', undefined],
  ['Score  INT ', 'INT'],
  ['price decimal(10, 2)', 'decimal(10, 2)'],
  ['tags ARRAY<STRING>', 'ARRAY<STRING>'],
  ['item map<string,array<struct<a:int, b:varchar(9)>>>', 'map<string,array<struct<a:int, b:varchar(9)>>>'],
])('the column "%s" has a name, and a type if it has one', (column, type) => {
  expect(DataFormat.csv({ columns: [column] })._columns).toEqual([{ name: column.split(' ')[0], type }]);
});

const NO_TYPE = 'have a type of Hive after the name, such as STRING, INT, DECIMAL(10, 2), TIMESTAMP or ARRAY<STRING>';

test.each<[string, () => DataFormat, string]>([
  ['of a column of no name', () => DataFormat.csv({ columns: [''] }), 'DataFormat.csv: columns: are "<name>" or "<name> <TYPE>"; got: ""'],
  ['of a type that is none', () => DataFormat.tsv({ columns: ['a TEXT'] }), `DataFormat.tsv: columns: ${NO_TYPE}; got: "a TEXT"`],
  ['of a type that goes on as SQL', () => DataFormat.custom({ columnSeparator: '|', columns: ['a INT) LOCATION ('] }), `DataFormat.custom: columns: ${NO_TYPE}; got: "a INT) LOCATION ("`],
  ['of a map of one type', () => DataFormat.csv({ columns: ['a MAP<STRING>'] }), `DataFormat.csv: columns: ${NO_TYPE}; got: "a MAP<STRING>"`],
  ['of a column that is there twice', () => DataFormat.csv({ columns: ['Day DATE', 'id', 'day'] }),
    'DataFormat.csv: columns: have each a name of its own, whatever its case; got: day twice'],
  ['of a separator of two characters', () => DataFormat.tsv({ columnSeparator: '||' }), 'DataFormat.tsv: columnSeparator: is one character of ASCII; got: "||"'],
  ['of a separator beyond ASCII', () => DataFormat.custom({ columnSeparator: '§' }), 'DataFormat.custom: columnSeparator: is one character of ASCII; got: "§"'],
  ['of records that do not end', () => DataFormat.tsv({ recordSeparator: '' }), 'DataFormat.tsv: recordSeparator: is one character of ASCII; got: ""'],
  ['of an escape character that separates', () => DataFormat.csv({ escapeChar: ',' }),
    'DataFormat.csv: columnSeparator: is another character than recordSeparator and escapeChar; got: {"columnSeparator":",","recordSeparator":"\\n","escapeChar":","}'],
  ['of items with a type that they have not', () => DataFormat.dynamoDb({ columns: ['n INT'] }),
    'DataFormat.dynamoDb: columns: of items are STRING, BIGINT, DOUBLE, BOOLEAN, BINARY, ARRAY, MAP or STRUCT; got: "n INT"'],
  ['of no attributes', () => DataFormat.dynamoDb({}), 'DataFormat.dynamoDb: columns: name the attributes; got: none; give them, or DataFormat.dynamoDbExport'],
  ['of two columns item', () => DataFormat.dynamoDbExport({ columns: ['Item'] }),
    'DataFormat.dynamoDbExport: columns: stand beside a column item, the whole item; got: item; leave it out'],
  ['of no regular expression', () => DataFormat.regEx({ inputRegEx: '' }), 'DataFormat.regEx: inputRegEx: takes records apart by its groups; got: ""'],
])('a data format %s is refused', (_, make, message) => {
  expect(make).toThrow(new Error(message));
});
