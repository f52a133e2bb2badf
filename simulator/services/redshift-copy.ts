import { Authorized, CommandSyntaxError, OptionReaders, readOptions, Words } from './redshift-words';

/** A COPY from S3. */
export interface CopyCommand {
  /** As written, with its schema. */
  readonly table: string;
  /** As written; undefined: all of the table's. */
  readonly columns?: readonly string[];
  readonly uri: string;
  readonly csv: boolean;
  readonly delimiter: string;
  readonly quote: string;
  readonly gzip: boolean;
  /** The URI is that of a list of files. */
  readonly manifest: boolean;
  readonly ignoreHeader: number;
  readonly nullAs: string;
  readonly escape: boolean;
  readonly emptyAsNull: boolean;
}

type Options = { -readonly [name in keyof CopyCommand]?: CopyCommand[name] } & Authorized;

const OPTIONS: OptionReaders<Options> = {
  FORMAT: words => void words.accept('AS'),
  CSV: (words, options) => {
    options.csv = true;
    if (words.accept('QUOTE')) options.quote = words.text();
  },
  DELIMITER: (words, options) => void (options.delimiter = words.character()),
  GZIP: (_, options) => void (options.gzip = true),
  MANIFEST: (_, options) => void (options.manifest = true),
  IGNOREHEADER: (words, options) => void (options.ignoreHeader = words.number()),
  NULL: (words, options) => void (options.nullAs = words.text()),
  ESCAPE: (_, options) => void (options.escape = true),
  EMPTYASNULL: (_, options) => void (options.emptyAsNull = true),
  // Without an effect here: where the objects are, what Redshift does beside the load, what PostgreSQL does anyway.
  REGION: words => void words.text(),
  COMPUPDATE: words => void words.accept('ON', 'OFF', 'TRUE', 'FALSE', 'PRESET'),
  STATUPDATE: words => void words.accept('ON', 'OFF', 'TRUE', 'FALSE'),
  DATEFORMAT: words => words.only('auto'),
  TIMEFORMAT: words => words.only('auto'),
};

export function parseCopy(sql: string): CopyCommand {
  const words = new Words('COPY', sql);
  words.expect('COPY');
  const table = words.name();
  const columns = words.list();
  words.expect('FROM');
  const options: Options = { table, columns, uri: words.text() };
  readOptions(words, OPTIONS, options);
  return withDefaults(options);
}

function withDefaults({ authorized: _, ...options }: Options): CopyCommand {
  const { table = '', uri = '', csv = false, escape = false } = options;
  if (csv && escape) throw new CommandSyntaxError('CSV is not compatible with ESCAPE');
  return {
    delimiter: csv ? ',' : '|',
    quote: '"',
    gzip: false,
    manifest: false,
    ignoreHeader: 0,
    nullAs: '\\N',
    emptyAsNull: false,
    ...options,
    table,
    uri,
    csv,
    escape,
  };
}
