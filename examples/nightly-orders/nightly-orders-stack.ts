import { Duration, Stack, StackProps, TimeZone } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  DataFormat, EmrActivity, EmrCluster, EmrStep, Expression, Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode,
  S3Compression, S3DataNode, S3KeyExistsPrecondition, S3PrefixNotEmptyPrecondition, Schedule, ShellCommandActivity, SnsAlarm, WorkerGroup,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/**
 * Every night at half past two in Berlin: when a partner's orders are there, two Spark applications clean and join them, one after
 * the other on one transient cluster, while the customers are loaded; then orders are loaded, and a host in the shop hears of it.
 */
export class NightlyOrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const bucket = Bucket.fromBucketAttributes(this, 'Lake', {
      bucketName: 'shop-lake',
      encryptionKey: Key.fromKeyArn(this, 'LakeKey', `arn:${this.partition}:kms:${this.region}:${this.account}:key/0a1b2c3d-0000-4000-8000-000000000000`),
    });
    const alarm = new SnsAlarm({
      topic: new Topic(this, 'Alarms', { enforceSSL: true }),
      subject: '#{node.name} failed',
      message: '#{node.@status} for the night of #{format(@scheduledStartTime, "YYYY-MM-dd")}: #{node.errorMessage}',
    });
    const pipeline = new Pipeline(this, 'Orders', {
      schedule: Schedule.cron({ minute: '30', hour: '2', timeZone: TimeZone.EUROPE_BERLIN }),
      onFail: [alarm],
      attemptTimeout: Duration.hours(3),
    });
    const night = Expression.format(Expression.SCHEDULED_START_TIME, 'yyyy-MM-dd');
    const at = (folder: string) => ({ bucket, directoryPath: `${folder}/${night}/` });

    const orders = new S3DataNode(pipeline, 'PartnerOrders', {
      directoryPath: `s3://partner-drop/orders/${night}/`,
      preconditions: [new S3PrefixNotEmptyPrecondition(pipeline, 'OrdersArrived', {
        s3Prefix: `s3://partner-drop/orders/${night}/`, preconditionTimeout: Duration.hours(4),
      })],
    });
    const cleaned = new S3DataNode(pipeline, 'CleanOrders', at('orders/clean'));
    const joined = new S3DataNode(pipeline, 'JoinedOrders', { ...at('orders/joined'), dataFormat: DataFormat.csv(), compression: S3Compression.GZIP });
    const customers = new S3DataNode(pipeline, 'Customers', { ...at('customers'), dataFormat: DataFormat.tsv({ columns: ['id', 'name', 'city'] }) });

    const cluster = new EmrCluster(pipeline, 'Cluster', {
      applications: ['Spark'], masterInstanceType: 'm6g.xlarge', coreInstanceCount: 3, taskInstanceCount: 2, terminateAfter: Duration.hours(4),
    });
    bucket.grantRead(cluster, 'applications/*');
    const spark = (name: string, ...arguments_: string[]) => EmrStep.sparkSubmit({ entryPoint: `s3://shop-lake/applications/${name}.py`, arguments: arguments_ });
    new EmrActivity(pipeline, 'Clean', { runsOn: cluster, input: [orders], output: [cleaned], steps: [spark('clean', orders.uri, cleaned.uri)] });
    new EmrActivity(pipeline, 'Join', {
      runsOn: cluster, input: [cleaned], output: [joined], steps: [spark('join', cleaned.uri, joined.uri), spark('check', joined.uri)],
    });

    const database = new RedshiftDatabase(pipeline, 'Warehouse', {
      clusterId: 'warehouse', databaseName: 'shop', password: Secret.fromSecretNameV2(this, 'Loader', 'warehouse/loader'),
    });
    const table = (node: string, tableName: string) => new RedshiftDataNode(pipeline, node, { database, schemaName: 'sales', tableName, primaryKeys: ['id'] });
    const customersLoaded = new RedshiftCopyActivity(pipeline, 'LoadCustomers', {
      input: customers,
      output: table('CustomerTable', 'customers'),
      insertMode: RedshiftInsertMode.OVERWRITE_EXISTING,
      preconditions: [new S3KeyExistsPrecondition(pipeline, 'CustomersComplete', { bucket, s3Key: `customers/${night}/_SUCCESS` })],
    });
    const load = new RedshiftCopyActivity(pipeline, 'LoadOrders', {
      input: joined, output: table('OrderTable', 'orders'), insertMode: RedshiftInsertMode.KEEP_EXISTING, dependsOn: [customersLoaded],
    });

    const shop = new WorkerGroup(pipeline, 'Shop');
    new ShellCommandActivity(pipeline, 'PrintLabels', { runsOn: shop, command: 'print-labels --new-customers', dependsOn: [customersLoaded] });
    new ShellCommandActivity(pipeline, 'TellShop', {
      runsOn: shop,
      command: 'touch "/srv/shop/loaded-$1"',
      scriptArgument: [night.text],
      dependsOn: [load],
      onSuccess: [new SnsAlarm({ topic: new Topic(this, 'News', { enforceSSL: true }), subject: 'Orders of #{@scheduledStartTime} are there' })],
    });
  }
}
