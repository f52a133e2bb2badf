import { DATA_LIMIT_EXCEEDED, FatalStateError } from './errors';
import { JsonObject, MAX_PAYLOAD_BYTES, sizeOf } from './json';
import { Json } from './task';

const MAX_TOTAL_BYTES = 10 * 1024 * 1024;

/** The variables of one scope, which reads those of the outer scopes too. */
export class Variables {
  /** By name, with those of the outer scopes: nobody assigns to these while this one lasts. */
  public readonly values: JsonObject;
  private readonly sizes = new Map<string, number>();
  private readonly total: { bytes: number };

  constructor(outer?: Variables) {
    this.values = Object.assign(Object.create(null), outer?.values);
    this.total = outer?.total ?? { bytes: 0 };
  }

  public assign(assigned: JsonObject): void {
    let assignedBytes = 0;
    for (const [name, value] of Object.entries(assigned)) {
      const bytes = sizeOf(value);
      assignedBytes += bytes;
      this.total.bytes += bytes - (this.sizes.get(name) ?? 0);
      this.sizes.set(name, bytes);
      this.values[name] = value as Json;
    }
    if (assignedBytes > MAX_PAYLOAD_BYTES || this.total.bytes > MAX_TOTAL_BYTES) {
      throw new FatalStateError(DATA_LIMIT_EXCEEDED, `The variables ${Object.keys(assigned).join(', ')} exceed the maximum size of variables: ` +
        `${assignedBytes} bytes assigned at once (at most ${MAX_PAYLOAD_BYTES}), ${this.total.bytes} in all (at most ${MAX_TOTAL_BYTES}).`);
    }
  }

  /** The scope has ended. */
  public release(): void {
    for (const bytes of this.sizes.values()) this.total.bytes -= bytes;
    this.sizes.clear();
  }
}
