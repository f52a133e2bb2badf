import type { Activity } from './activity';
import type { OnClusterProps } from './cluster-activity-props';
import { commandStep, stepsHost } from './cluster-work';
import { scriptAsset } from './script-asset';
import type { HiveScript } from '../compiler/hive-script';
import type { StepArgument } from '../compiler/step-argument';
import type { Text } from '../compiler/text';
import type { Step } from '../compiler/work';

/** What else Hive's command is told. */
export interface HiveOptions {
  readonly settings?: string[];
  readonly definitions?: Array<string | StepArgument>;
  /** S3 URI of the user's own script, which comes after the statements. */
  readonly scriptUri?: Text;
}

/**
 * Statements, and a script of the user's, by Hive's own command: no wrapper stands between that could read its arguments as text of a
 * shell. The statements are uploaded with the app.
 */
export function hiveStep(
  activity: Activity, props: OnClusterProps, script: HiveScript, statements: readonly string[],
  { settings = [], definitions = [], scriptUri }: HiveOptions = {},
): Step {
  const text = statements.map((statement) => `${statement};\n`).join('');
  const file = (option: string) => [option, uploaded(activity, props, text)];
  return commandStep(activity, 'hiveScript', [
    'hive',
    ...settings.flatMap((each) => ['--hiveconf', each]),
    ...[...script.definitions, ...definitions].flatMap((each) => ['-d', each]),
    ...scriptUri === undefined ? file('-f') : [...text === '' ? [] : file('-i'), '-f', scriptUri],
  ]);
}

function uploaded(activity: Activity, props: OnClusterProps, text: string): string {
  const location = scriptAsset(activity, 'q', text);
  location.grantRead(stepsHost(activity, props));
  return location.uri;
}
