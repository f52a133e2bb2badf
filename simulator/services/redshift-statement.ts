import { Json } from '../task';

export type StatementStatus = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

export interface ResultSet {
  readonly columns: readonly { readonly name: string; readonly oid: number }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** One SQL text: of ExecuteStatement, or one of a batch. */
export class RedshiftStatement {
  public status: StatementStatus = 'SUBMITTED';
  public error?: string;
  public result?: ResultSet;
  /** Rows returned or affected; -1 before that is known. */
  public rowCount = -1;
  private startedAt?: number;
  private updatedAt: number;

  constructor(public readonly id: string, public readonly sql: string, public readonly createdAt: number) {
    this.updatedAt = createdAt;
  }

  public get ended(): boolean {
    return ['FINISHED', 'FAILED', 'ABORTED'].includes(this.status);
  }

  public become(status: StatementStatus, now: number, error?: string): void {
    if (this.ended) return;
    if (status === 'STARTED') this.startedAt = now;
    this.status = status;
    this.updatedAt = now;
    this.error = error;
  }

  /** What DescribeStatement says of a statement and of one in a batch alike. */
  public describe(): { [name: string]: Json } {
    return {
      Id: this.id,
      Status: this.status,
      CreatedAt: new Date(this.createdAt).toISOString(),
      UpdatedAt: new Date(this.updatedAt).toISOString(),
      // Nanoseconds.
      Duration: this.startedAt === undefined ? -1 : (this.updatedAt - this.startedAt) * 1_000_000,
      HasResultSet: this.result !== undefined,
      QueryString: this.sql,
      RedshiftQueryId: 0,
      ResultRows: this.rowCount,
      ResultSize: this.result ? JSON.stringify(this.result.rows).length : 0,
      ...(this.error === undefined ? {} : { Error: `ERROR: ${this.error}` }),
    };
  }
}

const TYPE_NAMES: Record<number, string> = {
  16: 'bool',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  700: 'float4',
  701: 'float8',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1114: 'timestamp',
  1184: 'timestamptz',
  1700: 'numeric',
};

/** As GetStatementResult answers. */
export function describeResult({ columns, rows }: ResultSet): Json {
  return {
    ColumnMetadata: columns.map(({ name, oid }) => ({ Name: name, Label: name, TypeName: TYPE_NAMES[oid] ?? 'varchar' })),
    Records: rows.map(row => row.map(describeField)),
    TotalNumRows: rows.length,
  };
}

function describeField(value: unknown): Json {
  if (value === null || value === undefined) return { IsNull: true };
  if (typeof value === 'boolean') return { BooleanValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { LongValue: value } : { DoubleValue: value };
  return { StringValue: String(value) };
}
