/** What a copy is made of, as Task Runner is told it. */
import type { SqlParts, TaskDatabase } from './database';
import type { CommonTask } from './task';

/** Records with a separator between their values. */
export interface DelimitedFormat {
  readonly kind: 'delimited';
  /** Whether values that need it have quotes. */
  readonly quoted: boolean;
  /** One byte, as are the others. */
  readonly columnSeparator: string;
  readonly recordSeparator: string;
  readonly escapeChar?: string;
}

/** Lines that a regular expression takes apart, and that are put together as `outputFormat` says. */
export interface RegExFormat {
  readonly kind: 'regEx';
  readonly inputRegEx: string;
  readonly outputFormat?: string;
}

export type FileFormat = DelimitedFormat | RegExFormat;

/** Files or objects, and what is in them. */
export interface FilesEnd {
  readonly kind: 'files';
  /** Id of the data node. */
  readonly object: string;
  /** Begins with `s3://`, or with `file:///` for a path on the host. A directory ends in `/`. */
  readonly uri: string;
  /** Whether it is a list of objects, in the form that Amazon Redshift gave it. */
  readonly manifest: boolean;
  readonly compression: 'none' | 'gzip';
  /** Left out: bytes that are copied as they are. */
  readonly format?: FileFormat;
}

/** A table of a database, or the rows of a query in it. */
export interface TableEnd {
  readonly kind: 'table';
  /** Id of the data node. */
  readonly object: string;
  readonly database: TaskDatabase;
  readonly table: string;
  readonly schemaName?: string;
  readonly selectQuery?: SqlParts;
  /** With `?` for each column. */
  readonly insertQuery?: SqlParts;
  readonly createTableSql?: SqlParts;
}

export type CopyEnd = FilesEnd | TableEnd;

/** A file or directory on the host, whose path stays where it says. */
export const HOST_URI = /^file:\/\/\/(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\0]*$/s;

/** Copies what is at one end to the other. */
export interface CopyTask extends CommonTask {
  readonly kind: 'copy';
  readonly input: CopyEnd;
  readonly output: CopyEnd;
}
