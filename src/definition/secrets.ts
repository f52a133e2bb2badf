/** What a definition must not give away: its values are never written anywhere. */
const NAME = /^\*|passw(or)?d|secret|^my(_?)(pw|pass)$/i;

/** Whether a field or a parameter of this name holds a secret, starred or not. */
export function isSecretName(name: string): boolean {
  return NAME.test(name);
}

/** A field's or parameter's values for reports. */
export function shown(name: string, values: readonly unknown[]): string {
  if (isSecretName(name)) return '(a secret)';
  return values.map((value) => typeof value === 'string' ? value : JSON.stringify(value)).join(', ');
}
