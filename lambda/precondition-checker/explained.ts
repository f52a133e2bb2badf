/** The service's error under its own name, with what to do about it. */
export function explained(error: unknown, message: string): Error {
  const wrapped = new Error(message, { cause: error });
  wrapped.name = error instanceof Error ? error.name : 'AccessDenied';
  return wrapped;
}
