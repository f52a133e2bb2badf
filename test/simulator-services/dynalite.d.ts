/** The parts of dynalite that the tests use. */
declare module 'dynalite' {
  import { Server } from 'node:http';

  export default function dynalite(options: { readonly createTableMs: number }): Server;
}

declare module 'dynalite/db' {
  export interface Store {
    readonly tableDb: { put(name: string, table: object, done: (error: Error | null) => void): void };
  }
  export function create(options?: object): Store;
}

declare module 'dynalite/validations' {
  import { Store } from 'dynalite/db';

  export function checkTypes(data: object, types: object): object;
  export function checkValidations(data: object, types: object, custom: unknown, store: Store): void;
}

declare module 'dynalite/validations/*' {
  const validation: { readonly types: Readonly<Record<string, unknown>>; readonly custom: unknown };
  export = validation;
}

declare module 'dynalite/actions/*' {
  import { Store } from 'dynalite/db';

  const action: (store: Store, data: object, done: (error: Error | null, answer?: object) => void) => void;
  export = action;
}
