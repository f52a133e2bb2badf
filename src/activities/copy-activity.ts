import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Activity, ActivityProps, dataNodes } from './activity';
import { checkFormats, filesEnd, FilesNode, isFiles, recordsFormat, tableEnd } from './copy-end';
import { taskWork } from './task-work';
import { requireHost } from '../checks';
import { TaskTemplate, Template, Work } from '../compiler/work';
import { CopyTask, FileFormat, FilesEnd } from '../contract/copy';
import { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { given, invalid } from '../errors';
import { inherited } from '../parent';

import { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of a CopyActivity. */
export interface CopyActivityProps extends ActivityProps {
  /** Where the copy is made: on a host of a WorkerGroup, an Ec2Resource, or the primary node of an EmrCluster. Fields `workerGroup` and `runsOn`. */
  readonly runsOn: ITaskRunnerHost;

  /**
   * What to copy: an S3DataNode, a manifest too, a HostDataNode, or a SqlDataNode: the rows of its `selectQuery`, or all of the table in
   * MySQL, MariaDB or PostgreSQL.
   */
  readonly input: DataNode;

  /**
   * Where to: an S3DataNode, a HostDataNode or a SqlDataNode, whose rows are added by its `insertQuery` or in bulk. A directory is copied to
   * a directory file by file under the same names, or to one file record by record; a file to a file, or to a directory under its own name;
   * a table to a file, in a directory one of the data node's name.
   */
  readonly output: DataNode;

  /**
   * How long a Task Runner may be silent before the attempt counts as lost: TIMEDOUT, and it may be repeated. Task Runner
   * reports by itself while it copies.
   *
   * @default - an Ec2Resource's own; else Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;
}

/**
 * Copies data from one place to another, from its format and compression to those of the output. What is alike in both is copied as it is,
 * by Amazon S3 itself where it is on both sides; all else goes through the host as a stream. What fails leaves no half of an object, and no
 * row in a table of a database that has transactions.
 *
 * Values are columns by their position. CSV has quotes where a value needs them; NULL is an empty value without quotes there, and `\N`
 * in other formats; binary values of databases are `\x` and hexadecimal digits. A value that the output's format has no way to write fails the copy.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-copyactivity.html
 */
export class CopyActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, private readonly props: CopyActivityProps) {
    props = inherited(scope, id, CopyActivity, props);
    super(scope, id, props, dataNodes(props.input), dataNodes(props.output));
    const { runsOn, input, output } = props;
    requireHost(this, runsOn, 'a copy needs a host to be made on');
    const task = this.taskFor(this.copied('input', input), this.copied('output', output));
    this.work = taskWork(this, runsOn, task, props.reportProgressTimeout);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private taskFor(from: FilesNode | SqlDataNode, to: FilesNode | SqlDataNode): TaskTemplate<CopyTask> {
    if (isFiles(to) && to._path === 'manifestFilePath') {
      throw invalid(this, 'output', `is a file or a directory; got: ${to.node.path} with manifestFilePath; give it a directoryPath`);
    }
    if (isFiles(from) && isFiles(to)) {
      const formats = checkFormats(this, from, to);
      return { kind: 'copy', input: this.read(from, formats.input), output: this.written(to, formats.output) };
    }
    const { runsOn } = this.props;
    return {
      kind: 'copy',
      input: isFiles(from) ? this.read(from, recordsFormat(this, 'input', from)) : tableEnd(this, 'input', from, runsOn),
      output: isFiles(to) ? this.written(to, recordsFormat(this, 'output', to)) : tableEnd(this, 'output', to, runsOn),
    };
  }

  private read(node: FilesNode, format?: FileFormat): Template<FilesEnd> {
    if (node instanceof S3DataNode) node._location.grantRead(this.props.runsOn);
    return filesEnd(node, format);
  }

  private written(node: FilesNode, format?: FileFormat): Template<FilesEnd> {
    if (node instanceof S3DataNode) node._location.grantWrite(this.props.runsOn);
    return filesEnd(node, format);
  }

  private copied(prop: 'input' | 'output', node: DataNode): FilesNode | SqlDataNode {
    if (node instanceof SqlDataNode || isFiles(node)) return node;
    throw invalid(this, prop, `is an S3DataNode, a HostDataNode or a SqlDataNode; got: ${given(node)}; `
      + 'RedshiftCopyActivity copies tables of Amazon Redshift, HiveCopyActivity those of Amazon DynamoDB');
  }
}
