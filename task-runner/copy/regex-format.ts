import { RecordBuilder, Records, rowsOf } from './batch';
import { LF, NO_BYTE } from './dialect';
import { DelimitedParser } from './parser';
import { RegExFormat } from '../../src/contract/copy';

/** What the parser of lines takes for NULL. */
const NULL_LINE = Buffer.from('\\N');

/** Lines, each taken apart by the groups of an expression that matches the whole of it. A group that took no part is NULL. */
export class RegExParser {
  private readonly lines = new DelimitedParser({ separator: NO_BYTE, terminator: LF, letters: false });
  private readonly text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly builder = new RecordBuilder();
  private readonly expression: RegExp;
  private count = 0;

  constructor({ inputRegEx }: RegExFormat) {
    this.expression = new RegExp(`^(?:${inputRegEx})$`, 's');
  }

  /** @throws if a line does not match */
  parse(chunk?: Uint8Array): Records {
    for (const [line] of rowsOf(this.lines.parse(chunk))) this.builder.add(this.groups(line ?? NULL_LINE));
    return this.builder.take();
  }

  private groups(line: Buffer): (Buffer | null)[] {
    this.count += 1;
    const match = this.expression.exec(this.decoded(line));
    if (!match) throw new Error(`record ${this.count} does not match inputRegEx: ${JSON.stringify(line.toString('utf8', 0, 200))}`);
    return match.slice(1).map((group) => (group === undefined ? null : Buffer.from(group)));
  }

  private decoded(line: Buffer): string {
    try {
      return this.text.decode(line);
    } catch {
      throw new Error(`record ${this.count} is not UTF-8`);
    }
  }
}

/** Lines as a format string of Java's puts them together, of `%1$s`, `%s` and `%%`. NULL is empty. */
export class RegExWriter {
  private count = 0;

  constructor(private readonly outputFormat: string) {}

  /** @throws if a line would be two */
  write(records: Records): Buffer {
    return Buffer.from([...rowsOf(records)].map((row) => this.line(row)).join(''));
  }

  private line(row: readonly (Buffer | null)[]): string {
    this.count += 1;
    let next = 0;
    const line = this.outputFormat.replace(/%(?:(?:(\d+)\$)?s|%)/g, (directive, position?: string) => {
      if (directive === '%%') return '%';
      const index = position === undefined ? next++ : Number(position) - 1;
      if (index >= row.length) throw new Error(`record ${this.count} has ${row.length} columns, and outputFormat asks for column ${index + 1}`);
      return row[index]?.toString() ?? '';
    });
    if (line.includes('\n')) throw new Error(`record ${this.count} has a value with a newline, which would be two records in the data format that is written`);
    return `${line}\n`;
  }
}
