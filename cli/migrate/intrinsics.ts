/**
 * CloudFormation's intrinsics in the texts of a definition. A parameter of the template becomes one of the pipeline, as does what only
 * CloudFormation knows (a resource's name, the Region): with no value of its own, which `--parameters` gives.
 */
import { entryOf, Tree, TreeEntry } from '../../src/definition/tree';

interface TemplateParameter {
  readonly default?: string;
  readonly description?: string;
  /** NoEcho: a secret. */
  readonly secret: boolean;
}

/** The keys whose values name things, where no expression may stand. */
const NAMING = ['Id', 'Name', 'Key', 'RefValue'];

export class Intrinsics {
  private readonly template = new Map<string, TemplateParameter>();
  private readonly used = new Map<string, TemplateParameter>();

  constructor(template: Tree) {
    const entries = entryOf(template, 'Parameters')?.value;
    for (const { key, value } of entries?.kind === 'map' ? entries.entries : []) {
      const given = (name: string) => textOf(entryOf(value, name)?.value);
      const secret = given('NoEcho') === 'true';
      this.template.set(key, { default: secret ? undefined : given('Default'), description: given('Description'), secret });
    }
  }

  /** The tree with texts in place of intrinsics. */
  resolve(tree: Tree, naming = false): Tree {
    if (tree.kind === 'list') return { ...tree, items: tree.items.map((item) => this.resolve(item, naming)) };
    if (tree.kind !== 'map') return tree;
    const intrinsic = intrinsicOf(tree);
    if (intrinsic) return { kind: 'text', at: tree.at, text: naming ? this.nameOf(intrinsic) : this.textOf(intrinsic) };
    return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: this.resolve(entry.value, NAMING.includes(entry.key)) })) };
  }

  /** Objects of the parameters that have come up, as a definition has them. */
  parameterObjects(): Tree[] {
    return [...this.used].map(([id, { default: value, description }]) => {
      const attributes: Array<readonly [string, string]> = [['Type', 'String']];
      if (description !== undefined) attributes.push(['Description', description]);
      if (value !== undefined) attributes.push(['Default', value]);
      return map({ Id: text(id), Attributes: { kind: 'list', at: PLACE, items: attributes.map(([key, its]) => map({ Key: text(key.toLowerCase()), StringValue: text(its) })) } });
    });
  }

  private nameOf({ name, argument }: Intrinsic): string {
    const referred = name === 'Ref' ? textOf(argument) ?? '' : undefined;
    if (referred !== undefined) return this.template.get(referred)?.default ?? referred;
    if (name === 'Fn::Sub') return (textOf(argument) ?? '').replace(/\$\{([^!}]+)\}/g, (_, variable: string) => this.template.get(variable)?.default ?? variable);
    return this.textOf({ name, argument });
  }

  private textOf({ name, argument }: Intrinsic): string {
    switch (name) {
      case 'Ref': return this.parameter(textOf(argument) ?? '', 'Ref');
      case 'Fn::GetAtt': return this.parameter(argument.kind === 'list' ? argument.items.map(textOf).join('.') : textOf(argument) ?? '', 'Fn::GetAtt');
      case 'Fn::Sub': return this.substituted(argument);
      case 'Fn::Join': return this.joined(argument);
      default: return this.parameter(`${name.replace('Fn::', '')}At${argument.at.line}`, name);
    }
  }

  private substituted(argument: Tree): string {
    const [template, variables] = argument.kind === 'list' ? argument.items : [argument];
    return (textOf(template) ?? '').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const own = entryOf(variables, name)?.value;
      return own ? textOf(this.resolve(own)) ?? '' : this.parameter(name.trim(), 'Fn::Sub');
    });
  }

  private joined(argument: Tree): string {
    const [separator, parts] = argument.kind === 'list' ? argument.items : [];
    return (parts?.kind === 'list' ? parts.items : []).map((part) => textOf(this.resolve(part)) ?? '').join(textOf(separator) ?? '');
  }

  /** An expression for what only CloudFormation knows. */
  private parameter(name: string, intrinsic: string): string {
    const known = this.template.get(name) ?? { description: `${intrinsic} of ${name} in the CloudFormation template`, secret: false };
    const id = `${known.secret ? '*' : ''}${identifier(name)}`;
    this.used.set(id, known);
    return `#{${id}}`;
  }
}

interface Intrinsic {
  readonly name: string;
  readonly argument: Tree;
}

/** `{ Ref: ... }` and `{ "Fn::...": ... }`; a reference of a definition has no capital. */
function intrinsicOf(tree: Tree): Intrinsic | undefined {
  if (tree.kind !== 'map' || tree.entries.length !== 1) return undefined;
  const [{ key, value }]: readonly TreeEntry[] = tree.entries;
  return key === 'Ref' || key.startsWith('Fn::') ? { name: key, argument: value } : undefined;
}

/** `awsRegion` for `AWS::Region`, `bucketArn` for `Bucket.Arn`. */
function identifier(name: string): string {
  if (/^[A-Za-z]\w*$/.test(name)) return name;
  const words = name.replace(/^AWS::/, 'aws::').split(/\W+/).filter((word) => word !== '');
  return words.map((word, index) => index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)).join('') || 'unnamed';
}

const PLACE = { line: 1, column: 1 };

export function text(value: string): Tree {
  return { kind: 'text', text: value, at: PLACE };
}

export function map(entries: Readonly<Record<string, Tree>>): Tree {
  return { kind: 'map', at: PLACE, entries: Object.entries(entries).map(([key, value]) => ({ key, value, at: PLACE })) };
}

export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'text' ? tree.text : undefined;
}
