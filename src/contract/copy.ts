/** What a copy is made of, as Task Runner is told it. */

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
