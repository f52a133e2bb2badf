import { DefinitionError } from '../errors';
import { Column, columnOf } from './column';
import type { Layout } from './layout';

/** Props that all data formats have. */
export interface DataFormatProps {
  /**
   * A format of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: DataFormat;

  /**
   * The columns in the order of the file, each `<name>` or `<name> <TYPE>` with a type of Hive: `Score INT`. Field `column`.
   *
   * @default - none: those of the table that is loaded, in its order; Hive and Pig have one column for a record then
   */
  readonly columns?: string[];
}

/** Props of a CSV data format. */
export interface CsvProps extends DataFormatProps {
  /**
   * Character that makes the next one literal; Redshift knows the backslash only. Field `escapeChar`.
   *
   * @default - none: a quote in a quoted value is doubled
   */
  readonly escapeChar?: string;
}

/** Props of a TSV data format. */
export interface TsvProps extends DataFormatProps {
  /**
   * Character between columns. Field `columnSeparator`.
   *
   * @default - a tab
   */
  readonly columnSeparator?: string;

  /**
   * Character after each record; all that read and write tables know the newline only. Field `recordSeparator`.
   *
   * @default - a newline
   */
  readonly recordSeparator?: string;

  /**
   * Character that makes the next one literal; Redshift knows the backslash only. Field `escapeChar`.
   *
   * @default - none
   */
  readonly escapeChar?: string;
}

/** Props of a data format with a separator of its own. */
export interface CustomProps extends DataFormatProps {
  /** Character between columns. Field `columnSeparator`. */
  readonly columnSeparator: string;

  /**
   * Character after each record; all that read and write tables know the newline only. Field `recordSeparator`.
   *
   * @default - a newline
   */
  readonly recordSeparator?: string;
}

/** Props of a data format that a regular expression defines. */
export interface RegExProps extends DataFormatProps {
  /** Regular expression of Java that matches a whole record: each of its groups is a column. Field `inputRegEx`. */
  readonly inputRegEx: string;

  /**
   * What CopyActivity writes for a record, with `%1$s`, `%2$s`, ... for its columns and `%%` for a percent sign. Field `outputFormat`.
   *
   * @default - the format is for reading
   */
  readonly outputFormat?: string;
}

/**
 * How the records of a data node are written.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-dataformats.html
 */
export class DataFormat {
  /**
   * Comma-separated values: quoted where needed.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static csv(props: CsvProps = {}): DataFormat {
    props = DataFormat.inherited('DataFormat.csv', props);
    return DataFormat.delimited('DataFormat.csv', { ...props, columnSeparator: ',' }, true);
  }

  /**
   * Tab-separated values: not quoted.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static tsv(props: TsvProps = {}): DataFormat {
    props = DataFormat.inherited('DataFormat.tsv', props);
    return DataFormat.delimited('DataFormat.tsv', { ...props, columnSeparator: props.columnSeparator ?? '\t' });
  }

  /**
   * Values with a separator of their own between them: not quoted.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static custom(props: CustomProps): DataFormat {
    props = DataFormat.inherited('DataFormat.custom', props);
    return DataFormat.delimited('DataFormat.custom', props);
  }

  /**
   * Records that a regular expression takes apart, for Hive and CopyActivity.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static regEx(props: RegExProps): DataFormat {
    props = DataFormat.inherited('DataFormat.regEx', props);
    const { inputRegEx, outputFormat } = props;
    if (!inputRegEx) throw new DefinitionError('DataFormat.regEx', 'inputRegEx', `takes records apart by its groups; got: "${inputRegEx}"`);
    if (outputFormat !== undefined && /%(?!%|(\d+\$)?s)/.test(outputFormat.replaceAll('%%', ''))) {
      throw new DefinitionError('DataFormat.regEx', 'outputFormat', `has columns as "%1$s" and percent signs as "%%"; got: "${outputFormat}"`);
    }
    return new DataFormat('DataFormat.regEx', { kind: 'regEx', inputRegEx, outputFormat }, props);
  }

  /**
   * Items of a table of Amazon DynamoDB, by their attributes: those that `columns` name. Field type DynamoDBDataFormat.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static dynamoDb(props: DataFormatProps): DataFormat {
    props = DataFormat.inherited('DataFormat.dynamoDb', props);
    return DataFormat.items('DataFormat.dynamoDb', 'dynamoDb', props);
  }

  /**
   * Whole items of a table of Amazon DynamoDB, whatever attributes they have, in the table or in S3: as one column `item`, beside
   * the attributes that `columns` name. Field type DynamoDBExportDataFormat.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static dynamoDbExport(props: DataFormatProps = {}): DataFormat {
    props = DataFormat.inherited('DataFormat.dynamoDbExport', props);
    return DataFormat.items('DataFormat.dynamoDbExport', 'dynamoDbExport', props);
  }

  private static inherited<T extends DataFormatProps>(name: string, props: T): T {
    const { parent } = props;
    if (parent && parent._name !== name) throw new DefinitionError(name, 'parent', `is a format of the same kind; got: ${parent._name}; give one of ${name}`);
    return { ...parent?.given, ...props };
  }

  private static items(name: string, kind: 'dynamoDb' | 'dynamoDbExport', props: DataFormatProps): DataFormat {
    const format = new DataFormat(name, { kind }, props);
    const column = format._columns.find(({ type }) => type && !/^(string|bigint|double|binary|boolean|(array|map|struct)<.*)$/i.test(type));
    if (column) {
      throw new DefinitionError(name, 'columns', `of items are STRING, BIGINT, DOUBLE, BOOLEAN, BINARY, ARRAY, MAP or STRUCT; got: "${column.name} ${column.type}"`);
    }
    if (kind === 'dynamoDb' && format._columns.length === 0) throw new DefinitionError(name, 'columns', 'name the attributes; got: none; give them, or DataFormat.dynamoDbExport');
    if (kind === 'dynamoDbExport' && format._columns.some((each) => each.name.toLowerCase() === 'item')) {
      throw new DefinitionError(name, 'columns', 'stand beside a column item, the whole item; got: item; leave it out');
    }
    return format;
  }

  private static delimited(name: string, props: TsvProps & CustomProps, quoted = false): DataFormat {
    const { columnSeparator, recordSeparator = '\n', escapeChar } = props;
    for (const [prop, value] of Object.entries({ columnSeparator, recordSeparator, escapeChar })) {
      if (value !== undefined && !/^[\0-\x7f]$/.test(value)) {
        throw new DefinitionError(name, prop, `is one character of ASCII; got: ${JSON.stringify(value)}`);
      }
    }
    if (columnSeparator === recordSeparator || columnSeparator === escapeChar || recordSeparator === escapeChar) {
      throw new DefinitionError(name, 'columnSeparator', 'is another character than recordSeparator and escapeChar; '
        + `got: ${JSON.stringify({ columnSeparator, recordSeparator, escapeChar })}`);
    }
    return new DataFormat(name, { kind: 'delimited', quoted, columnSeparator, recordSeparator, escapeChar }, props);
  }

  /** @internal */
  public readonly _columns: Column[];

  private constructor(
    /** What errors call it.
     * @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _layout: Layout,
    private readonly given: DataFormatProps,
  ) {
    const { columns = [] } = given;
    this._columns = columns.map((column) => columnOf(_name, column));
    const names = this._columns.map(({ name }) => name.toLowerCase());
    const twice = names.find((each, index) => names.indexOf(each) !== index);
    if (twice !== undefined) throw new DefinitionError(_name, 'columns', `have each a name of its own, whatever its case; got: ${twice} twice`);
  }
}
