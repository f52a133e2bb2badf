import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Environment, Template, TemplateError } from './template';
import { S3Store } from '../servers/s3-store';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly properties: { readonly templateFile?: string; readonly stackName?: string };
  }>>;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, {
    readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
    readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
  }>>;
}

/** A file or folder that a deployment uploads. */
interface Asset {
  readonly path: string;
  readonly folder: boolean;
  readonly bucket: string;
  readonly key: string;
}

/** One stack of a folder that `cdk synth` has written. */
export class Assembly {
  /** `stackName` may be left out where the folder has one stack. */
  public static read(folder: string, stackName?: string): Assembly {
    if (!existsSync(join(folder, 'manifest.json'))) throw new TemplateError(folder, 'is not a folder that `cdk synth` has written: it has no manifest.json');
    const { artifacts = {} } = json<Manifest>(join(folder, 'manifest.json'));
    const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
    const found = stacks.filter(([id, { properties }]) => stackName === undefined || [id, properties.stackName].includes(stackName));
    if (found.length !== 1) {
      throw new TemplateError(folder, `one stack${stackName ? ` '${stackName}'` : ''} is wanted; there are ${stacks.map(([id]) => id).join(', ') || 'none'}`);
    }
    const [[id, { properties }]] = found;
    return new Assembly(resolve(folder), id, json<Template>(join(folder, properties.templateFile ?? `${id}.template.json`)));
  }

  /** Where it was uploaded to. */
  private readonly published = new WeakSet<S3Store>();

  constructor(private readonly folder: string, public readonly stackName: string, public readonly template: Template) {}

  /** With another template. */
  public with(template: Template): Assembly {
    return new Assembly(this.folder, this.stackName, template);
  }

  /** Uploads the files to the buckets that the bootstrap stack would have made. */
  public async publish(store: S3Store, environment: Environment): Promise<void> {
    if (this.published.has(store)) return;
    this.published.add(store);
    for (const { path, folder, bucket, key } of this.assets(environment)) {
      store.createBucket(bucket);
      if (!folder) await store.put(bucket, key, readFileSync(path));
    }
  }

  /** The folder that is uploaded under that key. */
  public folderOf(key: string, environment: Environment): string {
    const asset = this.assets(environment).find(each => each.folder && each.key === key);
    if (!asset) throw new TemplateError(this.stackName, `the assembly has no folder that is uploaded as '${key}'`);
    return asset.path;
  }

  private assets(environment: Environment): Asset[] {
    const { files = {} } = json<AssetManifest>(join(this.folder, `${this.stackName}.assets.json`));
    return Object.values(files).flatMap(({ source, destinations }) => Object.values(destinations).map(({ bucketName, objectKey }) => ({
      path: join(this.folder, source.path),
      folder: source.packaging === 'zip',
      bucket: placed(bucketName, environment),
      key: placed(objectKey, environment),
    })));
  }
}

function placed(text: string, { region, accountId }: Environment): string {
  return text.replaceAll('${AWS::AccountId}', accountId).replaceAll('${AWS::Region}', region).replaceAll('${AWS::Partition}', 'aws');
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
