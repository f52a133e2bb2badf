import { Engine } from '../../src/contract/connection';
import { DIALECTS, statementsOf, VALUE } from '../../src/contract/sql-script';

/** With `<v>` for a value between quotes, `<v\>` where a backslash escapes, and `<?>` for a placeholder. */
function read(script: string, engine: Engine = 'postgresql', hasArguments = false): string[] {
  return statementsOf(script.replaceAll('<v>', VALUE), DIALECTS[engine], hasArguments).map((tokens) => tokens.map((token) => {
    switch (token.kind) {
      case 'sql': return token.text;
      case 'value': return token.backslashes ? '<v\\>' : '<v>';
      case 'placeholder': return '<?>';
    }
  }).join('').trim());
}

test.each<[string, Engine, string, string[]]>([
  ['semicolons', 'postgresql', 'SELECT 1;SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['nothing between them', 'mysql', ';; SELECT 1; -- the end\n;/* none */', [' SELECT 1']],
  ['no script', 'mysql', '', []],
  ['quotes', 'postgresql', 'SELECT \';\'\'"\', ";""\'", \'a\\\'; SELECT 2', ['SELECT \';\'\'"\', ";""\'", \'a\\\'', ' SELECT 2']],
  ['texts with escapes', 'postgresql', "SELECT E'\\';', e'\\\\'; SELECT name'; ''; x'", ["SELECT E'\\';', e'\\\\'", " SELECT name'; ''; x'"]],
  ['texts of Redshift', 'redshift', "SELECT 'it\\'s; one'; SELECT 2", ["SELECT 'it\\'s; one'", ' SELECT 2']],
  ['texts of MySQL', 'mysql', 'SELECT \'\\\';\', "\\";", `;``;`; SELECT 2', ['SELECT \'\\\';\', "\\";", `;``;`', ' SELECT 2']],
  ['comments', 'postgresql', "SELECT 1 -- ;'\n/* ; /* ' */ ; */; SELECT 2", ["SELECT 1 -- ;'\n/* ; /* ' */ ; */", ' SELECT 2']],
  ['comments of MySQL', 'mysql', "SELECT 1 # ;'\n-- ;'\n--1; /* ; /* ; */ SELECT 2", ["SELECT 1 # ;'\n-- ;'\n--1", ' /* ; /* ; */ SELECT 2']],
  ['code in comments of MySQL', 'mysql', '/*!40101 SET NAMES utf8 */; SELECT 1', ['/*!40101 SET NAMES utf8 */', ' SELECT 1']],
  ['dollars', 'postgresql', "DO $$ BEGIN; ' END $$; DO $a$ ; $$ ; $a$; SELECT a$b$, $1;$1", ["DO $$ BEGIN; ' END $$", ' DO $a$ ; $$ ; $a$', ' SELECT a$b$, $1', '$1']],
  ['names that are no ASCII', 'postgresql', 'SELECT größe$1; SELECT 2', ['SELECT größe$1', ' SELECT 2']],
  ['a delimiter', 'mysql', 'SELECT 1;\nDELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\ndelimiter ;\nCALL p();', ['SELECT 1', 'CREATE PROCEDURE p() BEGIN SELECT 1; END', 'CALL p()']],
  ['a column named delimiter', 'mysql', 'SELECT 1 AS\nDELIMITER ;', ['SELECT 1 AS\nDELIMITER ']],
  ['a body of a function', 'postgresql', 'CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3',
    ['CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END', ' SELECT 3']],
  ['a transaction', 'postgresql', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', ' SELECT 1', ' END', ' SELECT 2']],
])('tells statements apart by %s', (_, engine, script, expected) => {
  expect(read(script, engine)).toEqual(expected.map((statement) => statement.trim()));
});

test('has places for arguments only where there are some', () => {
  const script = "SELECT '?', a ?? b, \"?\" -- ?\n FROM t WHERE c = ?; SELECT ?";
  expect(read(script)).toEqual(["SELECT '?', a ?? b, \"?\" -- ?\n FROM t WHERE c = ?", 'SELECT ?']);
  expect(read(script, 'postgresql', true)).toEqual(["SELECT '?', a ? b, \"?\" -- ?\n FROM t WHERE c = <?>", 'SELECT <?>']);
});

test('has values in texts, and says whether a backslash escapes there', () => {
  expect(read("SELECT 'a <v>;''<v>', e'<v>'")).toEqual(["SELECT 'a <v>;''<v>', e'<v\\>'"]);
  expect(read("SELECT '<v>'", 'mysql')).toEqual(["SELECT '<v\\>'"]);
  expect(read("SELECT '<v>'", 'redshift')).toEqual(["SELECT '<v\\>'"]);
});

test.each<[string, Engine]>([
  ['SELECT <v>', 'postgresql'], ['SELECT "<v>"', 'postgresql'], ['SELECT $$<v>$$', 'postgresql'], ['-- <v>', 'postgresql'], ['/* <v> */', 'postgresql'],
  ['SELECT "<v>"', 'mysql'], ['SELECT `<v>`', 'mysql'], ['# <v>', 'mysql'], ["SELECT 'a'<v>'b'", 'mysql'], ['SELECT 1<v>', 'redshift'],
])('refuses a value elsewhere: %s in %s', (script, engine) => {
  expect(() => read(`SELECT 1;\n${script}`, engine)).toThrow(/^takes expressions in texts only, .*line 2$/);
});

test.each<[string, Engine, string]>([
  ["SELECT 'a", 'postgresql', "'"], ['SELECT "a', 'postgresql', '"'], ['SELECT `a', 'mysql', '`'], ['/* a', 'mysql', '/'],
  ["SELECT 'a\\'", 'mysql', "'"], ["SELECT E'a\\'", 'postgresql', "E'"], ['/* /* */', 'postgresql', '/*'],
])('refuses what is not closed: %s in %s', (script, engine, mark) => {
  expect(() => read(`\n${script}`, engine)).toThrow(`closes what it opens; got: ${mark} in line 2`);
});
