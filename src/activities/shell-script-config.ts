/**
 * A shell script that runs on the primary node of a cluster, before or after the work of an activity.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellscriptconfig.html
 */
export interface ShellScriptConfig {
  /**
   * A configuration whose arguments are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: ShellScriptConfig;

  /** S3 URI of the script. Takes expressions. The cluster may read it. */
  readonly scriptUri: string;

  /**
   * Arguments of the script. Take expressions; no shell reads them. Field `scriptArgument`.
   *
   * @default - none
   */
  readonly scriptArgument?: string[];
}
