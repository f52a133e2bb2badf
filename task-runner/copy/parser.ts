/**
 * Values out of bytes. What has arrived is gone through record by record; one that is not whole yet is gone through again when more
 * has, so that it makes no difference where the pieces of the data were cut. Once a piece had no end of a record in it, twice as
 * much is waited for: a record is gone through a bounded number of times, however long it is.
 */
import { NULL_END, Places, Records } from './batch';
import { BACKSLASH, CAPITAL_N, CONTROLS, CR, Dialect, LF } from './dialect';

/** A record is in memory as a whole. */
const LONGEST_RECORD = 64 * 1024 * 1024;
const INCOMPLETE = -1;

export class DelimitedParser {
  private bytes = Buffer.allocUnsafe(262_144);
  private filled = 0;
  /** Where what has not been parsed begins. */
  private rest = 0;
  private awaited = 0;
  private ended = false;
  private earlier = 0;
  private readonly places = new Places();
  /** Values of the record at hand that are not what stands in the data. */
  private disguised: number[] = [];
  private readonly stops: Uint8Array;
  private readonly quotedStops: Uint8Array;

  constructor(private readonly dialect: Dialect) {
    const { separator, terminator, quote, escape } = dialect;
    this.stops = bytesIn([separator, terminator, escape]);
    this.quotedStops = bytesIn([quote, escape]);
  }

  /** The records that are whole by now; at the end, when nothing more is given, the last one too. @throws if they are not what they should be */
  parse(chunk?: Uint8Array): Records {
    this.earlier += this.places.count;
    this.places.clear();
    this.ended = chunk === undefined;
    if (chunk) this.append(chunk);
    if (this.filled >= this.awaited || this.ended) {
      const begin = this.rest;
      this.rest = this.records();
      this.awaited = this.rest === begin ? 2 * this.filled : 0;
    }
    if (this.filled - this.rest > LONGEST_RECORD) throw this.problem(`is longer than 64 MiB${this.dialect.quote === undefined ? '' : ': is a quote missing?'}`);
    return this.places.in(this.bytes);
  }

  /** The values of the batch before stood in these bytes: what is left is moved only now, when more comes. */
  private append(chunk: Uint8Array): void {
    this.bytes.copyWithin(0, this.rest, this.filled);
    this.filled -= this.rest;
    this.rest = 0;
    if (this.filled + chunk.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (this.filled + chunk.length));
      this.bytes.copy(larger, 0, 0, this.filled);
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.filled);
    this.filled += chunk.length;
  }

  /** Where the last whole record ends. */
  private records(): number {
    const { places, dialect: { quote } } = this;
    let at = this.rest;
    let whole = at;
    while (at < this.filled) {
      const before = places.count;
      at = this.bytes[at] === quote ? this.quoted(at + 1) : this.plain(at);
      if (at === INCOMPLETE) break;
      if (places.count !== before) whole = at;
    }
    if (this.ended && whole < this.filled) {
      this.closeLast();
      return this.filled;
    }
    places.dropRest();
    this.disguised = [];
    return whole;
  }

  /** The data ends after a separator. */
  private closeLast(): void {
    this.add(this.filled, this.dialect.quote === undefined ? this.filled : NULL_END);
    this.endRecord();
  }

  private plain(start: number): number {
    const { bytes, filled, stops, dialect: { escape } } = this;
    let at = start;
    let escaped = INCOMPLETE;
    for (;;) {
      while (at < filled && stops[bytes[at]] === 0) at += 1;
      if (at >= filled || bytes[at] !== escape) break;
      escaped = at + 1;
      at += 2;
    }
    if (at > filled) return this.ended ? this.fail('ends with its escape character') : INCOMPLETE;
    if (at === filled && !this.ended) return INCOMPLETE;
    const end = escaped === at - 1 ? at : this.plainEnd(start, at);
    this.add(start, this.isNull(start, end) ? NULL_END : end, escaped !== INCOMPLETE);
    return this.close(at);
  }

  private quoted(start: number): number {
    const { bytes, filled, quotedStops, dialect: { quote } } = this;
    let at = start;
    let escapes = false;
    for (;;) {
      while (at < filled && quotedStops[bytes[at]] === 0) at += 1;
      if (at >= filled) return this.ended ? this.fail('has a quote that is not closed') : INCOMPLETE;
      if (bytes[at] === quote && (at + 1 >= filled || bytes[at + 1] !== quote)) break;
      escapes = true;
      at += 2;
    }
    let after = at + 1;
    if (bytes[after] === CR && after < filled && (after + 1 === filled || bytes[after + 1] === LF)) after += 1;
    if (after >= filled && !this.ended) return INCOMPLETE;
    this.add(start, at, escapes);
    return this.close(after);
  }

  /** After a value: a separator, or the end of the record. */
  private close(at: number): number {
    const { bytes, filled, dialect: { separator, terminator } } = this;
    if (at < filled && bytes[at] === separator) return at + 1;
    if (at < filled && bytes[at] !== terminator) return this.fail('has text after a closing quote');
    this.endRecord();
    return at + 1;
  }

  /** Data of Windows ends its records with CR LF; where values are quoted, one that ends so has quotes. */
  private plainEnd(start: number, at: number): number {
    const { bytes, filled, dialect: { quote, terminator } } = this;
    const windows = quote !== undefined && terminator === LF && at > start && bytes[at - 1] === CR && at < filled && bytes[at] === LF;
    return windows ? at - 1 : at;
  }

  private isNull(start: number, end: number): boolean {
    if (this.dialect.quote !== undefined) return start === end;
    return end - start === 2 && this.bytes[start] === BACKSLASH && this.bytes[start + 1] === CAPITAL_N;
  }

  private add(start: number, end: number, escapes = false): void {
    if (escapes && end !== NULL_END) this.disguised.push(this.places.values);
    this.places.value(start, end);
  }

  /** Only now, since a record that is not whole is gone through again. */
  private endRecord(): void {
    this.places.endRecord();
    if (this.disguised.length === 0) return;
    for (const value of this.disguised) this.unescape(value);
    this.disguised = [];
  }

  private unescape(value: number): void {
    const { bytes, places: { starts, ends }, dialect: { escape, quote, letters } } = this;
    let to = starts[value];
    const quoted = quote !== undefined && bytes[to - 1] === quote;
    for (let at = to; at < ends[value]; at += 1) {
      let byte = bytes[at];
      if (byte === escape) {
        at += 1;
        byte = (letters ? CONTROLS.get(bytes[at]) : undefined) ?? bytes[at];
      } else if (quoted && byte === quote) {
        at += 1;
      }
      bytes[to] = byte;
      to += 1;
    }
    ends[value] = to;
  }

  private fail(problem: string): never {
    throw this.problem(problem);
  }

  private problem(problem: string): Error {
    return new Error(`record ${this.earlier + this.places.count + 1} ${problem}`);
  }
}

function bytesIn(bytes: readonly (number | undefined)[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) if (byte !== undefined) table[byte] = 1;
  return table;
}
