import * as crypto from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { FileAssetPackaging, IResolvable, Lazy, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Asl } from './compiler/asl';
import { compact } from './compiler/compact';

/** A template takes 1 MB in all. */
const MOST_IN_TEMPLATE = 200_000;
/** What a value known at deployment comes to: most are ARNs. */
const DEPLOYED_VALUE_LENGTH = 120;
/** The longest values of what every deployment knows. */
const PSEUDO_LENGTHS: Readonly<Record<string, number>> = { 'AWS::Partition': 10, 'AWS::AccountId': 12, 'AWS::Region': 14 };

type Part = string | IResolvable;

/**
 * The definition of a state machine: in the template, or, where the template would grow too large, in a file that is uploaded
 * with it, in which CloudFormation replaces the values that are known at deployment.
 */
export class MachineDefinition {
  private readonly stack: Stack;
  private written?: Asl;
  private resolved?: readonly Part[];

  constructor(private readonly resource: CfnStateMachine, private readonly definition: () => Asl) {
    this.stack = Stack.of(resource);
    // While references are prepared, it says which there are; where the text stands is decided when they are known.
    const text = () => this.isFile ? undefined : this.text;
    resource.definitionString = Lazy.uncachedString({ produce: ({ preparing }) => preparing ? this.tokens.join() : text() });
    resource.definitionS3Location = this.inFile(() => this.upload());
    resource.definitionSubstitutions = this.inFile(() => this.substitutions());
  }

  /** In bytes, when it is deployed. */
  get length(): number {
    return this.parts().reduce((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : lengthOf(part)), 0);
  }

  private inFile(produce: () => unknown): IResolvable {
    return Lazy.uncachedAny({ produce: ({ preparing }) => !preparing && this.isFile ? produce() : undefined });
  }

  private get text(): string {
    return this.stack.toJsonString(this.machine());
  }

  /** As it is written: a large one without what only readers need. */
  private machine(): Asl {
    if (this.written) return this.written;
    const definition = this.definition();
    return this.written = JSON.stringify(definition).length > MOST_IN_TEMPLATE ? compact(definition) : definition;
  }

  /** The values known at deployment, each once. */
  private get tokens(): string[] {
    return [...new Set(Tokenization.reverseString(JSON.stringify(this.machine())).tokens.map((token) => Token.asString(token)))];
  }

  private get isFile(): boolean {
    return this.length > MOST_IN_TEMPLATE;
  }

  /** Texts, and between them what CloudFormation computes; known when references have been prepared. */
  private parts(): readonly Part[] {
    if (this.resolved) return this.resolved;
    const tokens = this.tokens;
    const values = new Map(tokens.map((token) => [token, this.value(token)]));
    const text = JSON.stringify(this.machine());
    const pieces = tokens.length ? text.split(new RegExp(`(${tokens.map((token) => token.replace(/\W/g, '\\$&')).join('|')})`)) : [text];
    return this.resolved = pieces.filter((piece) => piece !== '').map((piece) => values.get(piece) ?? piece);
  }

  /** What a token comes to; a text as it stands in JSON. */
  private value(token: string): Part {
    const value = this.stack.resolve(token) as Part;
    return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : value;
  }

  private upload(): CfnStateMachine.S3LocationProperty {
    const keys = new Map(Object.entries(this.substitutions()).map(([key, value]) => [JSON.stringify(value), key]));
    const text = this.parts().map((part) => typeof part === 'string' ? part : `\${${keys.get(JSON.stringify(part))}}`).join('');
    const sourceHash = crypto.createHash('sha256').update(text).digest('hex');
    const fileName = `${this.resource.node.addr}.asl.json`;
    fs.writeFileSync(path.join(Stage.of(this.resource)!.outdir, fileName), text);
    const { bucketName, objectKey } = this.stack.synthesizer.addFileAsset({ fileName, packaging: FileAssetPackaging.FILE, sourceHash });
    return { bucket: bucketName, key: objectKey };
  }

  private substitutions(): Record<string, Part> {
    const values = new Map(this.parts().filter((part) => typeof part !== 'string').map((part) => [JSON.stringify(part), part]));
    return Object.fromEntries([...values.values()].map((value, index) => [`DataPipeline${index + 1}`, value]));
  }
}

function lengthOf(value: IResolvable): number {
  return PSEUDO_LENGTHS[(value as { Ref?: string }).Ref ?? ''] ?? DEPLOYED_VALUE_LENGTH;
}
