/** Records with their values: places in bytes, valid until the next batch of the same source is asked for. */
export interface Records {
  readonly bytes: Buffer;
  /** Where each value begins and ends; an end before its begin is NULL. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Of each record: how many values there are up to its end. */
  readonly lasts: Int32Array;
  readonly count: number;
}

export const NULL_END = -1;

/** The places of values, in arrays that grow. */
export class Places {
  starts = new Int32Array(4096);
  ends = new Int32Array(4096);
  lasts = new Int32Array(1024);
  values = 0;
  count = 0;

  clear(): void {
    this.values = 0;
    this.count = 0;
  }

  value(start: number, end: number): void {
    if (this.values === this.starts.length) {
      this.starts = twice(this.starts);
      this.ends = twice(this.ends);
    }
    this.starts[this.values] = start;
    this.ends[this.values] = end;
    this.values += 1;
  }

  endRecord(): void {
    if (this.count === this.lasts.length) this.lasts = twice(this.lasts);
    this.lasts[this.count] = this.values;
    this.count += 1;
  }

  /** Those of the records that are whole. */
  in(bytes: Buffer): Records {
    return { bytes, starts: this.starts, ends: this.ends, lasts: this.lasts, count: this.count };
  }

  /** Forgets the values after the last whole record. */
  dropRest(): void {
    this.values = this.count === 0 ? 0 : this.lasts[this.count - 1];
  }
}

/** Each record's values as buffers, or null. */
export function* rowsOf({ bytes, starts, ends, lasts, count }: Records): Generator<(Buffer | null)[]> {
  for (let record = 0, value = 0; record < count; record += 1) {
    const row: (Buffer | null)[] = [];
    for (; value < lasts[record]; value += 1) row.push(ends[value] === NULL_END ? null : bytes.subarray(starts[value], ends[value]));
    yield row;
  }
}

/** When what is collected is worth handing on. */
export const BATCH_SIZE = 65_536;

/** Collects values that come one by one. */
export class RecordBuilder {
  private bytes = Buffer.allocUnsafe(131_072);
  private used = 0;
  private readonly places = new Places();

  get size(): number {
    return this.used + this.places.values;
  }

  add(row: readonly (Buffer | null)[]): void {
    for (const value of row) {
      if (value === null) this.places.value(0, NULL_END);
      else this.append(value);
    }
    this.places.endRecord();
  }

  /** What has been added since the last time; to be used before more is. */
  take(): Records {
    const records = { ...this.places.in(this.bytes) };
    this.used = 0;
    this.places.clear();
    return records;
  }

  private append(value: Buffer): void {
    if (this.used + value.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (this.used + value.length));
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    value.copy(this.bytes, this.used);
    this.places.value(this.used, this.used += value.length);
  }
}

function twice(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
