import { Construct } from 'constructs';
import { Activity } from './activity';
import { clusterWork, commandStep, stepsHost } from './cluster-work';
import { NOT_STAGED, stageInPig } from './pig-staging';
import { RUN_PARTS } from './run-parts';
import { scriptAsset } from './script-asset';
import type { ScriptProps } from './script-props';
import { variablesOf } from './script-variables';
import { pigDefinition, PigScript } from '../compiler/pig-script';
import { Standing, StepArgument, textPieces } from '../compiler/step-argument';
import { checkText } from '../compiler/text';
import { Step, Work } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import { inherited } from '../parent';

/** Props of a PigActivity: exactly one of `script` and `scriptUri`. */
export interface PigActivityProps extends ScriptProps {
  /**
   * Statements of Pig Latin. Takes expressions: within quotes, what they come to has no quote, `\`, `;`, `$` or newline; elsewhere they
   * come to letters, digits, `_`, `.`, `:`, `+` and `-`, or the attempt fails.
   *
   * @default - `scriptUri` is given
   */
  readonly script?: string;
}

/**
 * Runs a script of Pig on an EmrCluster, or on the hosts of a WorkerGroup. `${input1}`, `${input2}`, ... in it are relations of its inputs, loaded before the script, with
 * the columns of their `dataFormat`: one named `record`, the whole line, where there is none. What the script assigns to `${output1}`, ...
 * is stored in its outputs after it, in place of what is there. Columns of DATE and TIMESTAMP are texts in Pig.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-pigactivity.html
 */
export class PigActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: PigActivityProps) {
    props = inherited(scope, id, PigActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    this.work = clusterWork(this, props, this.steps(props));
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private steps(props: PigActivityProps): Step[] {
    const { script: own, scriptUri } = props;
    if ((own === undefined) === (scriptUri === undefined)) {
      throw invalid(this, 'script', `exactly one of script and scriptUri says what to run; got: ${own === undefined ? 'none' : 'both'}`);
    }
    if (own?.trim() === '') throw invalid(this, 'script', `is empty; got: "${own}"; give statements of Pig Latin`);
    const script = new PigScript(this);
    const { before, after, names, written } = props.stage ?? true ? stageInPig(this, script) : NOT_STAGED;
    const parts = own === undefined
      ? [...this.uploaded(props, 'before', statements(before)), this.theirs(props, scriptUri as string), ...this.uploaded(props, 'after', statements(after))]
      : this.uploaded(props, 'script', `${statements(before)}${script.own('script', own)}\n;\n${statements(after)}`);
    const definitions = [...names, ...script.definitions, ...this.variables(props)].flatMap((each): Array<string | StepArgument> => ['-p', each]);
    return [
      ...written.map(({ _uri: uri }) => commandStep(this, 'output', ['aws', 's3', 'rm', '--recursive', '--only-show-errors', uri])),
      commandStep(this, 'script', parts.length === 1
        ? ['pig', ...definitions, '-f', ...parts] : ['bash', '-c', RUN_PARTS, String(parts.length), ...parts, ...definitions]),
    ];
  }

  /** Their texts are Pig's own: within double quotes, but for what would end these. */
  private variables(props: PigActivityProps): StepArgument[] {
    return variablesOf(this, props, /^((in|out)put|datapipeline_\w*)\d+$/).map(({ name, value }) => {
      if (/["\n\r]/.test(value)) throw invalid(this, 'scriptVariable', `has no double quote and no newline; got: ${JSON.stringify(value)}; leave it out`);
      return pigDefinition(name, textPieces(this, 'scriptVariable', value, Standing.PLAIN));
    });
  }

  private theirs(props: PigActivityProps, scriptUri: string): StepArgument {
    S3Location.of(this, 'scriptUri', scriptUri).grantRead(stepsHost(this, props));
    return checkText(this, 'scriptUri', scriptUri);
  }

  private uploaded(props: PigActivityProps, part: string, text: string): string[] {
    if (text === '') return [];
    const location = scriptAsset(this, `${part}.pig`, text);
    location.grantRead(stepsHost(this, props));
    return [location.uri];
  }
}

function statements(all: readonly string[]): string {
  return all.map((statement) => `${statement};\n`).join('');
}
