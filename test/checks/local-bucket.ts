import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { gunzipSync } from 'zlib';

/** A folder that stands in for `s3://data/` where an engine runs on this machine. */
export class LocalBucket {
  private readonly root = mkdtempSync(join(tmpdir(), 'engine-'));

  /** Where the engine may write what is none of the bucket's. */
  get scratch(): string {
    const folder = join(this.root, 'scratch');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  write(key: string, ...lines: string[]): void {
    const file = join(this.root, 'data', key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  }

  /** A program with paths in place of URIs. */
  here(program: string): string {
    return program.replaceAll('s3://data/', `file://${this.root}/data/`);
  }

  /** Of the files that an engine has written below the key, in order. */
  lines(key: string): string[] {
    const files = this.files(key).map((path) => path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path));
    return files.flatMap((content) => content.toString().split('\n').slice(0, -1)).sort();
  }

  names(key: string): string[] {
    return this.files(key).map((path) => path.split('/').at(-1)!);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Markers and checksums aside. */
  private files(key: string): string[] {
    const folder = join(this.root, 'data', key);
    return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
      .filter((path) => statSync(path).isFile() && !/\/[._][^/]*$/.test(path));
  }
}
