import { Token } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DataNode, DataNodeProps } from './data-node';
import { namedTable } from './dynamodb-table';
import { Text } from '../compiler/text';
import { DataFormat } from '../data-formats/data-format';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { inherited } from '../parent';

/** Props of a DynamoDBDataNode: exactly one of `table` and `tableName`. */
export interface DynamoDBDataNodeProps extends DataNodeProps {
  /**
   * The table. Its customer-managed key is granted to who reads or writes it.
   *
   * @default - `tableName` is given
   */
  readonly table?: ITable;

  /**
   * Name of a table in the pipeline's account. Takes expressions.
   *
   * @default - `table` is given
   */
  readonly tableName?: string;

  /**
   * Region of the table that `tableName` names, such as `eu-west-1`.
   *
   * @default - the pipeline's
   */
  readonly region?: string;

  /**
   * The attributes that Hive has as columns: `DataFormat.dynamoDb` or `DataFormat.dynamoDbExport`.
   *
   * @default DataFormat.dynamoDbExport()
   */
  readonly dataFormat?: DataFormat;

  /**
   * Share of the table's read capacity that reading it may take: 0.1 to 1.
   *
   * @default - the connector's: 0.5
   */
  readonly readThroughputPercent?: number;

  /**
   * Share of the table's write capacity that writing it may take: 0.1 to 1.
   *
   * @default - the connector's: 0.5
   */
  readonly writeThroughputPercent?: number;
}

/**
 * A table in Amazon DynamoDB, for the activities of an EmrCluster.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-dynamodbdatanode.html
 */
export class DynamoDBDataNode extends DataNode {
  /** Name of the table, with its expressions. */
  public readonly tableName: string;

  /** @internal */
  public readonly _tableName: Text;
  /** @internal */
  public readonly _dataFormat: DataFormat;
  private readonly tableArn: string;
  /** @internal */
  public readonly _props: DynamoDBDataNodeProps;

  constructor(scope: Construct, id: string, props: DynamoDBDataNodeProps) {
    props = inherited(scope, id, DynamoDBDataNode, props);
    super(scope, id, props);
    const { name, arn } = namedTable(this, props);
    this.tableName = name.text;
    this._tableName = name;
    this.tableArn = arn;
    this._props = props;
    this._dataFormat = props.dataFormat ?? DataFormat.dynamoDbExport();
    this.checkRegion();
    this.checkPercent('readThroughputPercent', props.readThroughputPercent);
    this.checkPercent('writeThroughputPercent', props.writeThroughputPercent);
    const { _layout: { kind }, _name } = this._dataFormat;
    if (kind !== 'dynamoDb' && kind !== 'dynamoDbExport') {
      throw invalid(this, 'dataFormat', `a table has items; got: ${_name}; give DataFormat.dynamoDb or DataFormat.dynamoDbExport`);
    }
  }

  /** Lets EMR's connector read the table: all of it, or by its keys where a query asks for them.
   * @internal */
  public _grantRead(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:Query');
    this._props.table?.encryptionKey?.grantDecrypt(grantee);
  }

  /** Lets EMR's connector write the table.
   * @internal */
  public _grantWrite(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb:DescribeTable', 'dynamodb:BatchWriteItem');
    this._props.table?.encryptionKey?.grantEncryptDecrypt(grantee);
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...super._own, tableName: this.tableName };
  }

  private grant({ grantPrincipal }: IGrantable, ...actions: string[]): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.tableArn] }));
  }

  private checkRegion(): void {
    const { region, table } = this._props;
    if (region === undefined) return;
    if (table) throw invalid(this, 'region', `is that of a table by its name; got: "${region}" and table; leave it out, or give tableName`);
    if (!Token.isUnresolved(region) && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw invalid(this, 'region', `is a Region, such as "eu-west-1"; got: "${region}"`);
  }

  private checkPercent(prop: string, percent?: number): void {
    if (percent === undefined || Token.isUnresolved(percent) || percent >= 0.1 && percent <= 1) return;
    throw invalid(this, prop, `is from 0.1 to 1; got: ${percent}`);
  }
}
