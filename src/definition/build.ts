/** Evaluates what has been planned: the other reader of `Code` prints it. */
import { Duration, Size } from 'aws-cdk-lib';
import { KeyPair, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { SnsAlarm } from '../actions/sns-alarm';
import { Terminate } from '../actions/terminate';
import { CopyActivity } from '../activities/copy-activity';
import { EmrActivity } from '../activities/emr-activity';
import { EmrStep } from '../activities/emr-step';
import { HadoopActivity } from '../activities/hadoop-activity';
import { HiveActivity } from '../activities/hive-activity';
import { HiveCopyActivity } from '../activities/hive-copy-activity';
import { PigActivity } from '../activities/pig-activity';
import { RedshiftCopyActivity, RedshiftInsertMode } from '../activities/redshift-copy-activity';
import { ShellCommandActivity } from '../activities/shell-command-activity';
import { SqlActivity } from '../activities/sql-activity';
import { DataFormat } from '../data-formats/data-format';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { MySqlDataNode } from '../data-nodes/mysql-data-node';
import { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import { S3Compression, S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { JdbcDatabase } from '../databases/jdbc-database';
import { RdsDatabase } from '../databases/rds-database';
import { RedshiftDatabase } from '../databases/redshift-database';
import { ParameterType } from '../parameter-type';
import { OWN_ID } from '../pipeline-of';
import { DynamoDBDataExistsPrecondition } from '../preconditions/dynamodb-data-exists-precondition';
import { DynamoDBTableExistsPrecondition } from '../preconditions/dynamodb-table-exists-precondition';
import { ExistsPrecondition } from '../preconditions/exists-precondition';
import { S3KeyExistsPrecondition } from '../preconditions/s3-key-exists-precondition';
import { S3PrefixNotEmptyPrecondition } from '../preconditions/s3-prefix-not-empty-precondition';
import { ShellCommandPrecondition } from '../preconditions/shell-command-precondition';
import { Ec2Resource } from '../resources/ec2-resource';
import { EmrCluster } from '../resources/emr-cluster';
import { HadoopSchedulerType } from '../resources/hadoop-scheduler-type';
import { HttpProxy } from '../resources/http-proxy';
import { ActionOnResourceFailure, ActionOnTaskFailure } from '../resources/resource-failure';
import { WorkerGroup } from '../resources/worker-group';
import { FailureAndRerunMode } from '../runnable';
import { Schedule, ScheduleType, StartAt } from '../schedule';
import { Code, isConstruct, Planned, Props } from './code';

type ConstructClass = new (scope: Construct, id: string, props: never) => Construct;

const CONSTRUCTS: Readonly<Record<string, ConstructClass>> = {
  CopyActivity,
  DynamoDBDataExistsPrecondition,
  DynamoDBDataNode,
  DynamoDBTableExistsPrecondition,
  Ec2Resource,
  EmrActivity,
  EmrCluster,
  ExistsPrecondition,
  HadoopActivity,
  HiveActivity,
  HiveCopyActivity,
  HttpProxy,
  JdbcDatabase,
  MySqlDataNode,
  PigActivity,
  RdsDatabase,
  RedshiftCopyActivity,
  RedshiftDatabase,
  RedshiftDataNode,
  S3DataNode,
  S3KeyExistsPrecondition,
  S3PrefixNotEmptyPrecondition,
  ShellCommandActivity,
  ShellCommandPrecondition,
  SqlActivity,
  SqlDataNode,
  WorkerGroup,
};
const VALUES: Readonly<Record<string, object>> = {
  ActionOnResourceFailure,
  ActionOnTaskFailure,
  DataFormat,
  Date,
  Duration,
  'EmrCreateCluster.EbsBlockDeviceVolumeType': EmrCreateCluster.EbsBlockDeviceVolumeType,
  EmrStep,
  FailureAndRerunMode,
  HadoopSchedulerType,
  KeyPair,
  ParameterType,
  RedshiftInsertMode,
  Role,
  S3Compression,
  Schedule,
  ScheduleType,
  SecurityGroup,
  Size,
  SnsAlarm,
  StartAt,
  Subnet,
  Terminate,
  Topic,
};

/** What the caller gives: by the name that a `given` code has. */
export type Givens = (name: string, why: string) => unknown;

export class Builder {
  private readonly made = new Map<string, unknown>();

  /** `scope` has what is in the account already. */
  constructor(private readonly scope: Construct, private readonly givens: Givens) {}

  props(props: Props): Record<string, unknown> {
    return Object.fromEntries(props.map(([name, code]) => [name, this.value(code)]));
  }

  /** Makes it, in a pipeline where it is a construct. */
  make(planned: Planned, pipeline: Construct): Construct | undefined {
    if (!isConstruct(planned)) {
      this.made.set(planned.id, this.value(planned.value));
      return undefined;
    }
    const construct = new CONSTRUCTS[planned.construct](pipeline, constructId(planned.id), this.props(planned.props) as never);
    this.made.set(planned.id, construct);
    return construct;
  }

  /** Whether all that a code refers to has been made. */
  has(ids: readonly string[]): boolean {
    return ids.every((id) => this.made.has(id));
  }

  value(code: Code): unknown {
    switch (code.kind) {
      case 'literal': case 'parameter': return code.value;
      case 'template': return code.parts.map((part) => this.value(part)).join('');
      case 'list': return code.items.map((item) => this.value(item));
      case 'object': return this.props(code.props);
      case 'member': return Reflect.get(VALUES[code.of], code.name);
      case 'object-ref': return this.made.get(code.id);
      case 'given': return this.givens(code.name, code.why);
      case 'existing': return this.scope.node.tryFindChild(code.id) ?? this.called(code.callee, [this.scope, code.id, this.value(code.value)]);
      case 'call': return this.called(code.callee, code.args.map((arg) => this.value(arg)));
      case 'new': return Reflect.construct(VALUES[code.name] as new () => object, code.args.map((arg) => this.value(arg)));
    }
  }

  private called(callee: string, args: unknown[]): unknown {
    const [of, name] = callee.split('.');
    return Reflect.apply(Reflect.get(VALUES[of], name) as (...all: unknown[]) => unknown, VALUES[of], args);
  }
}

/** Ids of a definition may have what those of constructs and names of states have not. */
export function constructId(id: string): string {
  const plain = id.replaceAll(/\/|: /g, '-');
  return plain === OWN_ID ? `${plain}-object` : plain;
}
