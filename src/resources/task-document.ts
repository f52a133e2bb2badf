import { Stack } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { TaskRunnerAsset } from './task-runner-asset';
import { DOWNLOADS, startTask } from './task-script';

/**
 * The SSM document that hands one task to Task Runner on an instance. Systems Manager itself fetches Task Runner from the deployment's
 * asset, with the instance's role, so that nothing has to be installed for that.
 */
export class TaskDocument extends Construct {
  public readonly documentName: string;
  public readonly documentArn: string;
  private readonly asset: TaskRunnerAsset;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.asset = new TaskRunnerAsset(this, 'TaskRunner');
    const { checksum } = this.asset;
    const document = new CfnDocument(this, 'Document', {
      documentType: 'Command',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '2.2',
        description: 'Hands a task to Task Runner',
        parameters: {
          Task: { type: 'String', description: 'The task and its token: JSON in percent-encoding', allowedPattern: "^[A-Za-z0-9%_.!~*'()-]+$" },
          Delivery: { type: 'String', description: 'Where Task Runner is fetched to, another for each command', allowedPattern: '^[0-9a-f-]{36}$' },
          User: { type: 'String', description: 'User that Task Runner runs as', default: 'root', allowedPattern: '^[a-z_][a-z0-9_-]{0,31}$' },
        },
        mainSteps: [
          {
            action: 'aws:downloadContent',
            name: 'fetch',
            inputs: {
              sourceType: 'S3',
              sourceInfo: Stack.of(this).toJsonString({ path: this.asset.httpUrl }),
              destinationPath: `${DOWNLOADS}/{{ Delivery }}/`,
            },
          },
          {
            action: 'aws:runShellScript',
            name: 'start',
            inputs: { timeoutSeconds: '1800', runCommand: startTask(checksum, `${this.asset.assetHash}.js`, Stack.of(this).region).split('\n') },
          },
        ],
      },
    });
    this.documentName = document.ref;
    this.documentArn = Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName: document.ref });
  }

  /** To fetch Task Runner. */
  public grantFetch(grantee: IGrantable): void {
    this.asset.grantFetch(grantee);
  }
}
