import type { ClusterActivityProps } from './cluster-activity-props';

/** Props of what runs a script of Hive or Pig. */
export interface ScriptProps extends ClusterActivityProps {
  /**
   * S3 URI of the script. Takes expressions. The cluster may read it; expressions in the script itself are not evaluated.
   *
   * @default - the script is given
   */
  readonly scriptUri?: string;

  /**
   * Variables of the script, each `<name>=<value>`, for `${name}` in it. Take expressions; what these come to stands in the script
   * as it is, so put it between quotes there: with a quote in it, a backslash, `;`, `$` or a newline, the attempt fails.
   *
   * @default - none
   */
  readonly scriptVariable?: string[];

  /**
   * Whether the inputs and outputs are tables of the script.
   *
   * @default true
   */
  readonly stage?: boolean;
}
