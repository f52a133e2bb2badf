/** A table with a column of each type that people use, and rows with what is hard to carry: extremes, nothing, and text of all kinds. */
export interface ColumnTypes {
  readonly columns: readonly string[];
  /** Each a list of values, as SQL. */
  readonly rows: readonly string[];
}

export const POSTGRESQL_TYPES: ColumnTypes = {
  columns: [
    'id BIGINT PRIMARY KEY', 'flag BOOLEAN', 'small SMALLINT', 'exact NUMERIC', 'single REAL', 'double DOUBLE PRECISION', 'fixed CHAR(4)', 'text_ VARCHAR(20)',
    'words TEXT', 'day DATE', 'hour TIME', 'moment TIMESTAMP', 'instant TIMESTAMPTZ', 'span INTERVAL', 'bytes BYTEA', 'uuid UUID', 'document JSONB',
    'numbers INT[]', 'texts TEXT[]', 'address INET', 'spread INT4RANGE', 'place POINT', 'mark "char"', 'bits BIT VARYING(9)',
  ],
  rows: [
    "9223372036854775807, true, -32768, 12345678901234567890123456789.0123456789, 1.17549435e-38, 2.2250738585072014e-308, 'ab', E'\\t\\n\\r\\\\', "
    + "E'\"quoted\", comma, 😀 \\\\N \\x01', '0001-01-01', '23:59:59.999999', '9999-12-31 23:59:59.999999', '2026-03-29 02:30:00.5+01', '-1 mon 3 days -00:00:01.5', "
    + "'\\x00ff5c0a0d0922', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"a\": [1, \"b\\\\n\\\"\"]}', '{1,NULL,3}', ARRAY['a,b', 'c\"d', NULL, 'NULL', '', E'\\\\'], "
    + "'2001:db8::1/64', '[1,5)', '(1.5,-2)', 'x', B'101'",
    "-9223372036854775808, false, 32767, 'NaN', 'Infinity', '-Infinity', '', '', '', '4713-01-01 BC', '00:00', '-infinity', 'infinity', '0', '', "
    + "'00000000-0000-0000-0000-000000000000', 'null', '{}', '{}', '0.0.0.0', 'empty', '(0,0)', '', B''",
    `0${', NULL'.repeat(23)}`,
  ],
};

export const MARIADB_TYPES: ColumnTypes = {
  columns: [
    'id BIGINT UNSIGNED PRIMARY KEY', 'flag BOOLEAN', 'tiny TINYINT', 'exact DECIMAL(38, 10)', 'single FLOAT', 'double_ DOUBLE', 'fixed CHAR(4)', 'text_ VARCHAR(20)',
    'words LONGTEXT', 'day DATE', 'hour TIME(6)', 'moment DATETIME(6)', 'instant TIMESTAMP(6) NULL', 'year_ YEAR', 'bytes LONGBLOB', 'fixed_bytes BINARY(4)',
    'varying_bytes VARBINARY(9)', 'document JSON', "choice ENUM('a', 'b,c', '')", "choices SET('x', 'y', 'z')", 'bits BIT(9)', 'one_bit BIT(1)',
  ],
  rows: [
    "18446744073709551615, true, -128, 1234567890123456789012345678.0123456789, 1.17549e-38, 2.2250738585072014e-308, 'ab', '\\t\\n\\r\\\\', "
    + "'\"quoted\", comma, 😀 \\\\N \\\\x41 \\0', '0001-01-01', '-838:59:59.000000', '9999-12-31 23:59:59.999999', '2026-07-01 02:30:00.5', 2155, x'00ff5c0a0d09222c5c78', x'00ff0a5c', "
    + "x'5c7834', '{\"a\": [1, \"b\\\\n\\\\\"\"]}', 'b,c', 'x,z', b'100000001', b'1'",
    "1, false, 127, -0.0000000001, -3.40282e38, 0, '', '', '', '9999-12-31', '838:59:59', '0001-01-01', '1970-01-01 12:00:01', 1901, '', '', '', 'null', '', '', b'0', b'0'",
    `2${', NULL'.repeat(21)}`,
  ],
};
