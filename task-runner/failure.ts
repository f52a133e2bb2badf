/** A task that did not succeed; `name` is an error of the contract, the message its cause. */
export class TaskFailure extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** Step Functions knows the task no more: it timed out, was stopped, or has been answered. */
export class TokenGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TokenGone';
  }
}

/** An error in a few words: its name where that says something, and its message. */
export function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
