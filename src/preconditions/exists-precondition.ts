import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { Check, CheckProps } from '../compiler/work';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { inherited } from '../parent';
import { PipelineObject } from '../pipeline-object';

/** Props of an ExistsPrecondition. */
export interface ExistsPreconditionProps extends PreconditionProps {}

/**
 * Holds when the data of the S3DataNode that names it is there: its object or manifest, or an object in its directory.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-exists.html
 */
export class ExistsPrecondition extends Precondition {
  private where?: Check;

  constructor(scope: Construct, id: string, props: ExistsPreconditionProps = {}) {
    props = inherited(scope, id, ExistsPrecondition, props);
    super(scope, id, props);
  }

  /** @internal */
  public _attachTo(owner: PipelineObject, checks?: CheckProps): void {
    super._attachTo(owner, checks);
    if (!(owner instanceof S3DataNode)) {
      throw invalid(owner, 'preconditions', `${this.node.path} is an ExistsPrecondition, which looks for the data of an S3DataNode; give another kind, or name it there`);
    }
  }

  /** @internal */
  public _look({ _path: path, _location: location, _uri: uri }: S3DataNode): void {
    const checker = this.pipeline._preconditionChecker();
    if (path === 'directoryPath') location.grantList(checker);
    else location.grantRead(checker);
    this.where = { kind: 'function', check: path === 'directoryPath' ? 's3PrefixNotEmpty' : 's3KeyExists', texts: { uri } };
  }

  /** @internal */
  public _check(): Check {
    if (!this.where) throw invalid(this, 'preconditions', 'guards nothing; name it in the preconditions of an S3DataNode');
    return this.where;
  }
}
