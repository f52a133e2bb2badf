import { App, Stack } from 'aws-cdk-lib';
import { Pipeline, PipelineProps, Schedule, ShellCommandActivity, WorkerGroup } from '../../src';

/** A field that is a prop: given here, it changes what is synthesized. */
export interface PropField {
  /** The prop as a user writes it. */
  readonly prop: string;
  /** Props of the object that have the field. What they refer to is there without the field, too: unless it must not, where `used` says so. */
  readonly given?: (bench: Bench, used: boolean) => object;
  /** Props of the object that the field is compared with. */
  readonly without?: (bench: Bench) => object;
  /** The field, where it is the whole pipeline's. */
  readonly pipeline?: Partial<PipelineProps>;
}

/** A field that cannot mean anything any more. */
export interface ObsoleteField {
  /** Why it cannot. */
  readonly reason: string;
  /** What to use instead. */
  readonly instead: string;
}

export type Field = PropField | ObsoleteField;
export type Fields = Readonly<Record<string, Field>>;

/** A type of object of AWS Data Pipeline. */
export interface ObjectType {
  /** The construct, class or prop that stands for it. */
  readonly construct: string;
  /** A pipeline with one such object, of as few props as it can have, and of these. */
  readonly make: (bench: Bench, props: object) => void;
  readonly fields: Fields;
}

/** A stack with a pipeline, for one object. */
export class Bench {
  readonly stack = new Stack(new App({ analyticsReporting: false, treeMetadata: false }), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  readonly pipeline: Pipeline;

  constructor(props: Partial<PipelineProps> = {}) {
    this.pipeline = new Pipeline(this.stack, 'P', { schedule: Schedule.cron({ minute: '0' }), pipelineLogUri: 's3://logs/p/', ...props });
    new ShellCommandActivity(this.pipeline, 'Anchor', { runsOn: this.hosts, command: 'true' });
  }

  get hosts(): WorkerGroup {
    return this.pipeline.node.tryFindChild('Hosts') as WorkerGroup ?? new WorkerGroup(this.pipeline, 'Hosts');
  }

  synthesize(): string {
    const assembly = (this.stack.node.root as App).synth();
    return JSON.stringify(assembly.getStackArtifact(this.stack.artifactId).template);
  }
}

/** Whether the field changes what is synthesized. */
export class Comparison {
  private plain?: string;

  constructor(private readonly type: ObjectType) {}

  differs(field: PropField): boolean {
    return this.variant(field, true) !== this.without(field);
  }

  /** The same for all fields that need nothing beside the object. */
  private without(field: PropField): string {
    if (field.without || field.given && field.given.length > 0) return this.variant(field, false);
    return this.plain ??= this.variant(field, false);
  }

  private variant({ given, without, pipeline }: PropField, used: boolean): string {
    const bench = new Bench(used ? pipeline : {});
    const props = given?.(bench, used);
    this.type.make(bench, { ...without?.(bench), ...used ? props : {} });
    return bench.synthesize();
  }
}

export function isProp(field: Field): field is PropField {
  return 'prop' in field;
}

export function isObsolete(field: Field): field is ObsoleteField {
  return 'reason' in field;
}
