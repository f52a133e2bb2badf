/** Props of what runs a shell command: exactly one of `command` and `scriptUri`. */
export interface ShellCommandProps {
  /**
   * The command, for `/bin/sh`. Takes expressions. `$1`, `$2`, ... are the `scriptArgument`s.
   *
   * @default - `scriptUri` is given
   */
  readonly command?: string;

  /**
   * S3 URI of a script that is fetched and run. Takes expressions.
   *
   * @default - `command` is given
   */
  readonly scriptUri?: string;

  /**
   * Arguments of the command or script. Take expressions; no shell reads them.
   *
   * @default - none
   */
  readonly scriptArgument?: string[];

  /**
   * Where a copy of what the command writes to its standard output goes: an S3 URI, or a path on the host. Takes expressions.
   *
   * @default - the attempt's logs only
   */
  readonly stdout?: string;

  /**
   * Where a copy of what the command writes to its standard error goes: an S3 URI, or a path on the host. Takes expressions.
   *
   * @default - the attempt's logs only
   */
  readonly stderr?: string;
}
