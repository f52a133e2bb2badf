/** Props of a CSV data format. */
export interface CsvProps {
  /**
   * Names of the columns, in the order of the file. Field `column`.
   *
   * @default - the columns of the table that is loaded, in its order
   */
  readonly columns?: string[];
}

/** Props of a TSV data format. */
export interface TsvProps {
  /**
   * Names of the columns, in the order of the file. Field `column`.
   *
   * @default - the columns of the table that is loaded, in its order
   */
  readonly columns?: string[];

  /**
   * Character between columns. Field `columnSeparator`.
   *
   * @default - a tab
   */
  readonly columnSeparator?: string;

  /**
   * Character that makes the next one literal; Redshift knows the backslash only. Field `escapeChar`.
   *
   * @default - none
   */
  readonly escapeChar?: string;
}

/**
 * How the records of a data node are written.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-dataformats.html
 */
export class DataFormat {
  /** Comma-separated values: quoted where needed. */
  public static csv(props: CsvProps = {}): DataFormat {
    return new DataFormat('csv', ',', props.columns ?? []);
  }

  /** Tab-separated values: not quoted. */
  public static tsv(props: TsvProps = {}): DataFormat {
    return new DataFormat('tsv', props.columnSeparator ?? '\t', props.columns ?? [], props.escapeChar);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'csv' | 'tsv',
    /** @internal */
    public readonly _columnSeparator: string,
    /** @internal */
    public readonly _columns: string[],
    /** @internal */
    public readonly _escapeChar?: string,
  ) {}
}
