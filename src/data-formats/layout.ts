/** How the records of a data format are told apart, as the compiler reads it. */
export type Layout =
  | { readonly kind: 'delimited'; readonly quoted: boolean; readonly columnSeparator: string; readonly recordSeparator: string; readonly escapeChar?: string }
  | { readonly kind: 'regEx'; readonly inputRegEx: string; readonly outputFormat?: string }
  | { readonly kind: 'dynamoDb' | 'dynamoDbExport' };
