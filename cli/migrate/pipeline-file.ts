/** The file of a pipeline: a stack whose constructor reads as if a person had written it. */
import { allCodes, codesOf, references } from './code-tree';
import { comment, layOut, Naming, quoted, templated } from './layout';
import { camelCase, kebabCase, Names } from './names';
import { BUILT_IN, Code, isConstruct, MODULE_OF, Planned, PlannedParameter, PlannedPipeline } from '../../src/definition/code';

const LIBRARY = 'cdk-data-pipeline';
const BUCKET = /s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=[/'"\s,;]|$)/g;
/** Props of a stack: a parameter of such a name goes by another. */
const STACK_PROPS = new Set(['analyticsReporting', 'crossRegionReferences', 'description', 'env', 'notificationArns', 'permissionsBoundary',
  'propertyInjectors', 'stackName', 'suppressTemplateIndentation', 'synthesizer', 'tags', 'terminationProtection']);

type Parameter = Pick<PlannedParameter, 'name' | 'value' | 'description'>;
type Existing = Extract<Code, { kind: 'existing' }>;
type GivenCode = Extract<Code, { kind: 'given' }>;

export interface PipelineFile {
  /** Of the stack. */
  readonly className: string;
  /** What the definition is called. */
  readonly title: string;
  /** Where it came from. */
  readonly source: string;
}

export function pipelineFile(plan: PlannedPipeline, file: PipelineFile): string {
  return new PipelineWriter(plan, file).text();
}

/** The prop that gives a parameter. */
export function parameterProp(name: string): string {
  return STACK_PROPS.has(name) ? `${name}Parameter` : name;
}

/** Name of the secret that whoever deploys the app has to make. */
export function secretName(title: string, given: string): string {
  return `${kebabCase(title)}/${kebabCase(given)}`;
}

class PipelineWriter {
  private readonly naming: Naming;
  private readonly referred: ReadonlySet<string>;
  private readonly existing = new Map<string, Existing>();
  private readonly given = new Map<string, GivenCode>();
  private readonly buckets: ReadonlyMap<string, string>;
  private readonly constants = new Map<string, string>();
  private readonly imported = new Map<string, Set<string>>();
  private readonly parameters: readonly Parameter[];

  constructor(private readonly plan: PlannedPipeline, private readonly file: PipelineFile) {
    this.parameters = parametersOf(plan);
    for (const code of allCodes(plan)) {
      if (code.kind === 'existing') this.existing.set(code.id, code);
      if (code.kind === 'given') this.given.set(code.name, code);
    }
    this.referred = new Set([plan.pipeline, ...plan.objects].flatMap(references));
    const names = new Names(this.parameters.map(({ name }) => parameterProp(name)));
    for (const { id } of plan.objects) this.constants.set(`object ${id}`, names.constant(id));
    for (const code of this.existing.values()) this.constants.set(`existing ${code.id}`, names.constant(existingName(code)));
    for (const name of this.given.keys()) this.constants.set(`given ${name}`, names.constant(name));
    this.buckets = sharedBuckets(plan, new Set(this.constants.values()));
    this.naming = this.namingOf();
  }

  text(): string {
    const body = this.constructorLines(); // which says what is imported
    return [...this.importLines(), '', ...this.bucketLines(), ...this.propsLines(), ...body, ''].join('\n');
  }

  private namingOf(): Naming {
    return {
      object: (id) => this.constants.get(`object ${id}`) ?? 'undefined',
      existing: ({ id }) => this.constants.get(`existing ${id}`)!,
      parameter: parameterProp,
      given: (name) => this.constants.get(`given ${name}`)!,
      template: (parts) => this.templateOf(parts),
      text: (value) => this.textOf(value),
    };
  }

  private textOf(value: string): string {
    if (![...value.matchAll(BUCKET)].some(([, bucket]) => this.buckets.has(bucket))) return quoted(value);
    return this.buckets.get(value.slice('s3://'.length)) ?? `\`${this.inTemplate(value)}\``;
  }

  private inTemplate(value: string): string {
    return templated(value).replace(BUCKET, (all: string, bucket: string) => this.buckets.has(bucket) ? `\${${this.buckets.get(bucket)}}` : all);
  }

  private templateOf(parts: readonly Code[]): string {
    const written = parts.map((part) => part.kind === 'literal' ? this.inTemplate(String(part.value)) : `\${${layOut(part, this.naming, 0)}}`);
    return `\`${written.join('')}\``;
  }

  private constructorLines(): string[] {
    const { className, title, source } = this.file;
    const { parameters } = this;
    const props = parameters.length === 0 ? 'StackProps' : `${className}Props`;
    return [
      `/** The pipeline ${inComment(title)}, from ${inComment(source)}. */`,
      `export class ${className} extends Stack {`,
      `  constructor(scope: Construct, id: string, props${parameters.length === 0 ? '?' : ''}: ${props}${parameters.length > 0 ? ' = {}' : ''}) {`,
      '    super(scope, id, props);',
      ...this.parameterLines(),
      ...section(this.existingLines()),
      ...section(this.secretLines()),
      ...this.statementLines(),
      '  }',
      '}',
    ];
  }

  private parameterLines(): string[] {
    const names = this.parameters.map(({ name, value }) => `${parameterProp(name)} = ${this.naming.text(value)}`);
    if (names.length === 0) return [];
    const flat = `    const { ${names.join(', ')} } = props;`;
    return flat.length <= 120 && !flat.includes('\n') ? [flat] : ['    const {', ...names.map((name) => `      ${name},`), '    } = props;'];
  }

  private existingLines(): string[] {
    return [...this.existing.values()].map(({ callee, id, value }) => {
      this.import(callee);
      const start = `    const ${this.constants.get(`existing ${id}`)} = `;
      return `${start}${callee}(this, ${quoted(id)}, ${layOut(value, this.naming, 4, start.length)});`;
    });
  }

  private secretLines(): string[] {
    if (this.given.size > 0) this.import('Secret');
    return [...this.given.values()].flatMap(({ name, why }) => [
      ...comment(why, 4),
      `    const ${this.constants.get(`given ${name}`)} = Secret.fromSecretNameV2(this, ${quoted(name)}, ${quoted(secretName(this.file.title, name))});`,
    ]);
  }

  /** What the pipeline's own props need comes before it. */
  private statementLines(): string[] {
    const before = this.neededBy(this.plan.pipeline);
    const values = this.plan.objects.filter((each) => before.has(each.id));
    const others = this.plan.objects.filter((each) => !before.has(each.id) && (isConstruct(each) || this.referred.has(each.id)));
    return [...values.map((each) => this.statement(each)), this.pipelineStatement(), ...others.map((each) => this.statement(each))]
      .flatMap((statement, index, all) => index === 0 || statement.length > 1 || all[index - 1].length > 1 ? ['', ...statement] : statement);
  }

  private neededBy(planned: Planned, found = new Set<string>()): Set<string> {
    for (const id of references(planned)) {
      const object = this.plan.objects.find((each) => each.id === id);
      if (!object || found.has(id)) continue;
      found.add(id);
      this.neededBy(object, found);
    }
    return found;
  }

  private pipelineStatement(): string[] {
    return this.construct(this.plan.pipeline, 'this', this.plan.objects.some(isConstruct) ? 'pipeline' : undefined);
  }

  private statement(planned: Planned): string[] {
    const constant = this.referred.has(planned.id) ? this.naming.object(planned.id) : undefined;
    if (isConstruct(planned)) return this.construct(planned, 'pipeline', constant);
    for (const code of codesOf(planned)) this.importsOf(code);
    const start = `    const ${constant} = `;
    return this.noted(planned, `${start}${layOut(planned.value, this.naming, 4, start.length)};`);
  }

  private construct(planned: Extract<Planned, { construct: string }>, scope: string, constant?: string): string[] {
    const { id, construct, props } = planned;
    this.import(construct);
    for (const code of codesOf(planned)) this.importsOf(code);
    const start = `    ${constant === undefined ? '' : `const ${constant} = `}`;
    const head = `new ${construct}(${scope}, ${quoted(id)}, `;
    const text = layOut({ kind: 'object', props }, this.naming, 4, start.length + head.length);
    return this.noted(planned, `${start}${head}${text});`);
  }

  private noted({ note }: Planned, statement: string): string[] {
    return [...note.flatMap((each) => comment(each, 4)), ...statement.split('\n')];
  }

  private importsOf(code: Code): void {
    if (code.kind === 'member') this.import(code.of);
    if (code.kind === 'call') this.import(code.callee);
    if (code.kind === 'new') this.import(code.name);
  }

  private import(name: string): void {
    const [root] = name.split('.');
    if (BUILT_IN.includes(root)) return;
    const module = root === 'Secret' ? 'aws-cdk-lib/aws-secretsmanager' : MODULE_OF[root] ?? LIBRARY;
    this.imported.set(module, (this.imported.get(module) ?? new Set()).add(root));
  }

  private importLines(): string[] {
    this.imported.set('aws-cdk-lib', (this.imported.get('aws-cdk-lib') ?? new Set()).add('Stack').add('StackProps'));
    this.imported.set('constructs', new Set(['Construct']));
    return [...this.imported].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([module, names]) => importOf(module, [...names].sort()));
  }

  private bucketLines(): string[] {
    if (this.buckets.size === 0) return [];
    return [...[...this.buckets].map(([bucket, name]) => `const ${name} = 's3://${bucket}';`), ''];
  }

  private propsLines(): string[] {
    const { parameters } = this;
    if (parameters.length === 0) return [];
    return [
      '/** Parameters of the pipeline; an activation may give other values. */',
      `export interface ${this.file.className}Props extends StackProps {`,
      ...parameters.flatMap((parameter) => parameterPropLines(parameter)),
      '}',
      '',
    ];
  }
}

function parameterPropLines({ name, description }: Parameter): string[] {
  const documented = description?.trim() ? [`  /** ${inComment(description)} */`] : [];
  return [...documented, `  readonly ${parameterProp(name)}?: string;`];
}

function importOf(module: string, names: readonly string[]): string[] {
  const flat = `import { ${names.join(', ')} } from '${module}';`;
  return flat.length <= 120 ? [flat] : ['import {', ...names.map((name) => `  ${name},`), `} from '${module}';`];
}

/** `alarmsTopic` for `Topic.fromTopicArn(..., 'arn:aws:sns:us-east-1:111122223333:alarms')`; by its id if a parameter says what it is. */
function existingName({ callee, id, value }: Existing): string {
  const kind = callee.split('.')[0];
  return value.kind === 'literal' ? `${camelCase(String(value.value).split(/[:/]/).at(-1)!)}${kind}` : id;
}

/** Those that runs look up, and those whose values are in the props. */
function parametersOf(plan: PlannedPipeline): Parameter[] {
  const inProps = allCodes(plan).flatMap((code) => code.kind === 'parameter' ? [code] : []);
  return [...new Map<string, Parameter>([...inProps, ...plan.parameters].map((parameter) => [parameter.name, parameter])).values()];
}

/** Buckets that are named more than once, with the constants that they become. */
function sharedBuckets(plan: PlannedPipeline, taken: Set<string>): Map<string, string> {
  const texts = allCodes(plan).flatMap((code) => code.kind === 'literal' && typeof code.value === 'string' ? [code.value] : []);
  const found = texts.flatMap((text) => [...text.matchAll(BUCKET)].map(([, bucket]) => bucket));
  const shared = [...new Set(found.filter((bucket, index) => found.indexOf(bucket) !== index))];
  const names = new Names(taken);
  return new Map(shared.map((bucket) => [bucket, names.constant(`${camelCase(bucket)}${/bucket$/i.test(bucket) ? '' : 'Bucket'}`)]));
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** What a comment may hold. */
function inComment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
}
