import { checkFixedList, checkList, checkText, Text, TextRenderer } from '../compiler/text';
import { Step, StepWork } from '../compiler/work';
import { COMMAND_RUNNER } from '../contract/task';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

/** Props of a Spark step. */
export interface SparkSubmitProps {
  /** The application: S3 URI of a Python file or a jar. Takes expressions. */
  readonly entryPoint: string;

  /**
   * Main class of a jar.
   *
   * @default - a Python application, or the jar's own
   */
  readonly className?: string;

  /**
   * Arguments of the application. Take expressions.
   *
   * @default - none
   */
  readonly arguments?: string[];

  /**
   * Spark's properties.
   *
   * @default - the cluster's
   */
  readonly conf?: { [name: string]: string };
}

/** Props of a Hadoop Streaming step. */
export interface HadoopStreamingProps {
  /** Command that reads lines and writes `<key>TAB<value>` lines. */
  readonly mapper: string;

  /**
   * Command that reads the mappers' lines in the order of their keys.
   *
   * @default - none: the mappers' lines are the output
   */
  readonly reducer?: string;

  /** S3 URIs that are read. Take expressions: an S3DataNode's `uri` is one. */
  readonly input: string[];

  /** S3 URI of a directory that is written, and must not exist yet. Takes expressions. */
  readonly output: string;

  /**
   * S3 URIs of files that stand in the commands' working directory, each under its own name or what follows a `#`.
   *
   * @default - none
   */
  readonly files?: string[];

  /**
   * Hadoop's properties.
   *
   * @default - the cluster's
   */
  readonly properties?: { [name: string]: string };
}

/** Props of a step that runs a jar. */
export interface JarStepProps {
  /** S3 URI of the jar, or the path of one on the cluster. Takes expressions. */
  readonly jar: string;

  /**
   * Main class.
   *
   * @default - the one that the jar names
   */
  readonly mainClass?: string;

  /**
   * Arguments. Take expressions.
   *
   * @default - none
   */
  readonly arguments?: string[];

  /**
   * Java properties of the step. The values take expressions.
   *
   * @default - none
   */
  readonly properties?: { [name: string]: string };
}

/**
 * A step of an EmrActivity: what `step` is in AWS Data Pipeline, with its arguments apart.
 *
 * @see https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
 */
export class EmrStep {
  /** Runs `spark-submit` in cluster mode. */
  public static sparkSubmit(props: SparkSubmitProps): EmrStep {
    const conf = Object.entries(props.conf ?? {}).flatMap(([name, value]) => ['--conf', `${name}=${value}`]);
    const className = props.className ? ['--class', props.className] : [];
    return EmrStep.command(['spark-submit', '--deploy-mode', 'cluster', ...className, ...conf, props.entryPoint, ...props.arguments ?? []]);
  }

  /** Runs Hadoop Streaming: a mapper and a reducer that are any programs of the cluster's hosts. */
  public static hadoopStreaming(props: HadoopStreamingProps): EmrStep {
    const files = props.files?.length ? ['-files', props.files.join(',')] : [];
    const mapOnly = props.reducer === undefined ? { 'mapreduce.job.reduces': '0' } : {};
    const properties = Object.entries({ ...props.properties, ...mapOnly }).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const reduce = props.reducer === undefined ? [] : ['-reducer', props.reducer];
    return EmrStep.command([
      'hadoop-streaming', ...files, ...properties, '-mapper', props.mapper, ...reduce,
      ...props.input.flatMap((uri) => ['-input', uri]), '-output', props.output,
    ]);
  }

  /** Runs a program of the primary node, by `command-runner.jar`. The arguments take expressions; no shell reads them. */
  public static command(command: string[]): EmrStep {
    return new EmrStep({ jar: COMMAND_RUNNER, arguments: command });
  }

  /** Runs a jar. */
  public static jar(props: JarStepProps): EmrStep {
    return new EmrStep(props);
  }

  /**
   * A step as AWS Data Pipeline writes it: the jar, then the arguments, with commas between them. `\\,` or `\,` is a comma of an
   * argument, `\\` a backslash. Commas in expressions are theirs; those in the value of a parameter, such as in all of `#{myStep}`, are
   * between arguments. An array parameter in it makes a step of each value, and then no activation gives other values: the number of
   * states is that of the steps.
   */
  public static fromString(step: string): EmrStep {
    return new EmrStep(jarStep(step), step);
  }

  private constructor(private readonly props: JarStepProps, private readonly text?: string) {}

  /** The steps that it comes to.
   * @internal */
  public _bind(activity: PipelineObject): Step[] {
    if (this.text === undefined) return [(name) => jarWork(activity, name, this.props)];
    const texts = checkFixedList(activity, 'steps', [this.text]);
    return texts.map((text) => this.bindText(activity, text, texts.length > 1));
  }

  /** The text, where it is one of `several`. */
  private bindText(activity: PipelineObject, text: Text, several: boolean): Step {
    const rendered = new TextRenderer().all(text)[text.item ?? 0];
    if (rendered.kind === 'constant') return (name) => jarWork(activity, name, jarStep(rendered.text));
    if (!several && !rendered.text.includes('$parameters')) return (name) => jarWork(activity, name, this.props);
    return (name) => ({ name, jar: { split: text, part: 'first' }, args: [{ split: text, part: 'others' }], properties: {} });
  }
}

function jarWork(activity: PipelineObject, name: string, props: JarStepProps): StepWork {
  const { jar, mainClass, properties = {}, arguments: args = [] } = props;
  if (jar === '') throw invalid(activity, 'steps', `${name} runs nothing; got: jar ""; give the jar's S3 URI or its path on the cluster`);
  if (jar === COMMAND_RUNNER && args.length === 0) {
    throw invalid(activity, 'steps', `${name} runs nothing; got: jar "${jar}" without arguments; give the program and its arguments`);
  }
  const text = (value: string): Text => checkText(activity, 'steps', value);
  return {
    name,
    jar: text(jar),
    mainClass,
    args: checkList(activity, 'steps', args),
    properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, text(value)])),
  };
}

/** The text divided where it is written. */
function jarStep(step: string): JarStepProps {
  const [jar, ...args] = fieldsOf(step);
  return { jar, arguments: args };
}

const FIELD_PART = /#\{[^}]*\}|\\{1,2},|\\\\|[^]/g;

function fieldsOf(step: string): string[] {
  return (step.match(FIELD_PART) ?? []).reduce(([...fields], part) => {
    if (part === ',') return [...fields, ''];
    const text = part.startsWith('#{') ? part : part.replace(/^\\+,$/, ',').replace(/^\\\\$/, '\\');
    return [...fields.slice(0, -1), fields.at(-1)! + text];
  }, ['']);
}
