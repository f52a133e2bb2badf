import { Construct } from 'constructs';
import { checkText, Text } from '../compiler/text';
import { DataFormat } from '../data-formats/data-format';
import { invalid } from '../errors';
import { inherited } from '../parent';
import { DataNode, DataNodeProps } from './data-node';
import { S3Compression } from './s3-data-node';

/** Props of a HostDataNode: exactly one of `directoryPath` and `filePath`. */
export interface HostDataNodeProps extends DataNodeProps {
  /**
   * A directory: all files in it, however deep. An absolute path without `..`. Takes expressions. Links that lead out of it are refused.
   *
   * @default - `filePath` is given
   */
  readonly directoryPath?: string;

  /**
   * One file. An absolute path without `..`. Takes expressions.
   *
   * @default - `directoryPath` is given
   */
  readonly filePath?: string;

  /**
   * Format of the data.
   *
   * @default - unknown: the data is copied as it is
   */
  readonly dataFormat?: DataFormat;

  /**
   * Compression of the files.
   *
   * @default S3Compression.NONE
   */
  readonly compression?: S3Compression;
}

/**
 * Data in the file system of the hosts that an activity runs on, such as a folder on your own premises. All hosts of a worker group that
 * may take the activity have it in the same place: a directory that they share, or one host.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-how-task-runner-user-managed.html
 */
export class HostDataNode extends DataNode {
  /** @internal */
  public readonly _uri: Text;
  /** @internal */
  public readonly _path: 'directoryPath' | 'filePath';
  /** @internal */
  public readonly _dataFormat?: DataFormat;
  /** @internal */
  public readonly _compression: S3Compression;

  constructor(scope: Construct, id: string, props: HostDataNodeProps) {
    props = inherited(scope, id, HostDataNode, props);
    super(scope, id, props);
    const { directoryPath, filePath } = props;
    if ((directoryPath === undefined) === (filePath === undefined)) {
      throw invalid(this, 'directoryPath', `exactly one of directoryPath and filePath says where the data is; got: ${directoryPath === undefined ? 'none' : 'both'}`);
    }
    this._path = directoryPath === undefined ? 'filePath' : 'directoryPath';
    this._uri = checkText(this, this._path, `file://${this.checkedPath(directoryPath ?? filePath ?? '')}`);
    this._dataFormat = props.dataFormat;
    this._compression = props.compression ?? S3Compression.NONE;
  }

  /** What expressions come to is checked on the host. */
  private checkedPath(path: string): string {
    if (!path.startsWith('/') || /(^|\/)\.{1,2}(\/|$)/.test(path)) {
      throw invalid(this, this._path, `is an absolute path without "." and ".."; got: "${path}"; give one that begins with "/"`);
    }
    const isDirectory = path.endsWith('/');
    if (this._path === 'filePath' && isDirectory) throw invalid(this, 'filePath', `is a file; got: "${path}"; give directoryPath, or a path without "/" at its end`);
    return this._path === 'filePath' || isDirectory ? path : `${path}/`;
  }
}
