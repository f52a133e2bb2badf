import { NULL_END, Records } from './batch';
import { BACKSLASH, CAPITAL_N, CR, Dialect, WRITTEN_LETTERS } from './dialect';

/** Bytes out of values. What the dialect cannot say is an error, not a loss. */
export class DelimitedWriter {
  private readonly special = new Uint8Array(256);
  private out = Buffer.alloc(0);
  private used = 0;
  private earlier = 0;

  constructor(private readonly dialect: Dialect) {
    const { separator, terminator, quote, escape, letters } = dialect;
    const special = [separator, terminator, quote, escape, ...(quote !== undefined || letters ? [CR] : [])];
    for (const byte of special) if (byte !== undefined) this.special[byte] = 1;
  }

  /** @throws if a value cannot be written */
  write(records: Records): Buffer {
    const { bytes, starts, ends, lasts, count } = records;
    this.out = Buffer.allocUnsafe(this.roomFor(records));
    this.used = 0;
    for (let record = 0, value = 0; record < count; record += 1) {
      for (const first = value; value < lasts[record]; value += 1) {
        if (value > first) this.put(this.dialect.separator);
        if (ends[value] === NULL_END) this.null();
        else if (!this.plain(bytes, starts[value], ends[value])) this.disguise(bytes.subarray(starts[value], ends[value]), record, value - first);
      }
      this.put(this.dialect.terminator);
    }
    this.earlier += count;
    return this.out.subarray(0, this.used);
  }

  /** Each byte may be escaped, each value quoted and followed by a separator. */
  private roomFor({ starts, ends, lasts, count }: Records): number {
    const values = count === 0 ? 0 : lasts[count - 1];
    let bytes = 0;
    for (let value = 0; value < values; value += 1) if (ends[value] !== NULL_END) bytes += ends[value] - starts[value];
    return 2 * bytes + 4 * values + count;
  }

  private put(byte: number): void {
    this.out[this.used] = byte;
    this.used += 1;
  }

  private null(): void {
    if (this.dialect.quote !== undefined) return;
    this.put(BACKSLASH);
    this.put(CAPITAL_N);
  }

  /** Copies a value that can stand as it is. */
  private plain(bytes: Buffer, start: number, end: number): boolean {
    const { out, special } = this;
    if (end === start) return this.dialect.quote === undefined;
    if (end - start === 2 && bytes[start] === BACKSLASH && bytes[start + 1] === CAPITAL_N && this.dialect.quote === undefined) return false;
    let to = this.used;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at];
      if (special[byte] === 1) return false;
      out[to] = byte;
      to += 1;
    }
    this.used = to;
    return true;
  }

  private disguise(value: Buffer, record: number, column: number): void {
    const { quote, escape } = this.dialect;
    if (quote !== undefined) return this.quoted(value, quote, escape);
    if (escape === undefined) throw this.impossible(value, record, column);
    if (value[0] === BACKSLASH && value[1] === CAPITAL_N && value.length === 2 && escape !== BACKSLASH) this.put(escape);
    for (const byte of value) {
      if (this.special[byte] === 1) this.put(escape);
      this.put((this.dialect.letters ? WRITTEN_LETTERS.get(byte) : undefined) ?? byte);
    }
  }

  private quoted(value: Buffer, quote: number, escape?: number): void {
    this.put(quote);
    for (const byte of value) {
      if (byte === quote || byte === escape) this.put(escape ?? quote);
      this.put(byte);
    }
    this.put(quote);
  }

  private impossible(value: Buffer, record: number, column: number): Error {
    const found = value.find((byte) => this.special[byte] === 1);
    const what = found === undefined ? 'the text \\N, which means NULL' : `the separator ${JSON.stringify(String.fromCharCode(found))}`;
    return new Error(`column ${column + 1} of record ${this.earlier + record + 1} has ${what}, and the data format that is written has no escapeChar; `
      + 'give it one, or write CSV');
  }
}
