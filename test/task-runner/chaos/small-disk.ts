import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEGABYTES = 8;

/** A file system of a few megabytes, where this user may mount one; else a plain directory that is never full. */
export class SmallDisk {
  public readonly isSmall: boolean;
  private readonly ballast: string;

  constructor(readonly directory: string) {
    mkdirSync(directory);
    this.ballast = join(directory, 'ballast');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', directory], { stdio: 'ignore' });
      this.isSmall = true;
    } catch {
      this.isSmall = false;
    }
  }

  public fill(): void {
    try {
      writeFileSync(this.ballast, Buffer.alloc(MEGABYTES * 1024 * 1024));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  public empty(): void {
    rmSync(this.ballast, { force: true });
  }

  public close(): void {
    if (this.isSmall) execFileSync('umount', ['--lazy', this.directory]);
  }
}
