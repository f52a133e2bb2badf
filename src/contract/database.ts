/** Databases and SQL as tasks name them. */

/** Where a database is: exactly one of `connectionString` and `rdsInstanceId`. */
export interface TaskDatabase {
  /** Id of the object. */
  readonly object: string;
  /** Of Secrets Manager: a JSON object with `password`, and `username` where that is not given; or the password alone. */
  readonly secretId: string;
  readonly username?: string;
  /** Begins with `jdbc:`. */
  readonly connectionString?: string;
  readonly rdsInstanceId?: string;
  /** Of the instance. */
  readonly region?: string;
  readonly databaseName?: string;
  /** Properties of JDBC: `<name>=<value>` each. */
  readonly properties: readonly string[];
}

/** SQL in parts: text that stands as it is, and values between quotes of the text around them. */
export type SqlParts = ReadonlyArray<{ readonly sql: string } | { readonly value: string }>;
