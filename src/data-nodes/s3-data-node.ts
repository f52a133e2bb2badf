import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { checkText, Text } from '../compiler/text';
import { DataFormat } from '../data-formats/data-format';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { DataNode, DataNodeProps } from './data-node';
import { OR_KEY, S3Location } from './s3-location';

/** How the objects of an S3DataNode are compressed. */
export enum S3Compression {
  /** Not compressed. */
  NONE = 'none',
  /** gzip. */
  GZIP = 'gzip',
}

/** Props of an S3DataNode: exactly one of `directoryPath`, `filePath` and `manifestFilePath`. */
export interface S3DataNodeProps extends DataNodeProps {
  /**
   * The bucket; the path is then a key in it. A customer-managed key of the bucket is granted to who reads or writes the node.
   *
   * @default - the path is a whole URI, `s3://<bucket>/<key>`
   */
  readonly bucket?: IBucket;

  /**
   * A directory: all objects whose keys begin with it. Takes expressions. A missing `/` at the end is added.
   *
   * @default - `filePath` or `manifestFilePath` is given
   */
  readonly directoryPath?: string;

  /**
   * One object. Takes expressions.
   *
   * @default - `directoryPath` or `manifestFilePath` is given
   */
  readonly filePath?: string;

  /**
   * A manifest in Amazon Redshift's format, which lists the objects to load. Takes expressions. Read by RedshiftCopyActivity only.
   *
   * @default - `directoryPath` or `filePath` is given
   */
  readonly manifestFilePath?: string;

  /**
   * Format of the data.
   *
   * @default - unknown: what reads the data must know
   */
  readonly dataFormat?: DataFormat;

  /**
   * Compression of the objects.
   *
   * @default S3Compression.NONE
   */
  readonly compression?: S3Compression;
}

const PATHS = ['directoryPath', 'filePath', 'manifestFilePath'] as const;

/**
 * Data in Amazon S3.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-s3datanode.html
 */
export class S3DataNode extends DataNode {
  /** The whole URI, with its expressions. */
  public readonly uri: string;

  /** @internal */
  public readonly _location: S3Location;
  /** @internal */
  public readonly _uri: Text;
  /** @internal */
  public readonly _path: 'directoryPath' | 'filePath' | 'manifestFilePath';
  /** @internal */
  public readonly _dataFormat?: DataFormat;
  /** @internal */
  public readonly _compression: S3Compression;

  constructor(scope: Construct, id: string, props: S3DataNodeProps) {
    props = inherited(scope, id, S3DataNode, props);
    super(scope, id, props);
    const given = PATHS.filter((path) => props[path] !== undefined);
    if (given.length !== 1) {
      throw invalid(this, 'directoryPath', `exactly one of ${PATHS.join(', ')} says where the data is; got: ${given.join(' and ') || 'none'}`);
    }
    this._path = given[0];
    const path = props[this._path] as string;
    const whole = this._path === 'directoryPath' && !/(^|\/)$/.test(path) ? `${path}/` : path;
    this._location = S3Location.of(this, this._path, whole, props.bucket, OR_KEY);
    this._uri = checkText(this, this._path, this._location.uri);
    this.uri = this._uri.text;
    this._dataFormat = props.dataFormat;
    this._compression = props.compression ?? S3Compression.NONE;
    this.preconditions.forEach((precondition) => precondition._look(this));
  }

  /** With the bucket, if it has been given apart.
   * @internal */
  protected get _own(): Fields {
    return { ...super._own, [this._path]: this.uri };
  }
}
