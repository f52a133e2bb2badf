import { createHash } from 'crypto';
import { Stack } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAssociation, CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { AGENT_ACTIONS, ASSOCIATION_ACTIONS } from './agent-actions';
import { HostProps } from './host-props';
import { HostInstallation, hostScript } from './host-script';
import { TaskRunnerAsset } from './task-runner-asset';
import { DOWNLOADS } from './task-script';
import type { S3Location } from '../data-nodes/s3-location';

/** What the tag of a group's hosts says. */
export const HOST_TAG_VALUE = 'task-runner';

export interface HostDocumentProps {
  readonly hosts: HostProps;
  readonly name: string;
  readonly tagKey: string;
  readonly activityArn: string;
  /** The folder for what State Manager and Task Runner log. */
  readonly logs: S3Location;
}

/**
 * What keeps Task Runner on the hosts of a worker group: an SSM document that installs, upgrades and removes it, and a State Manager
 * association that applies it to every host with the group's tag. Systems Manager itself fetches Task Runner, with the host's role.
 */
export class HostDocument extends Construct {
  public readonly documentName: string;
  private readonly asset: TaskRunnerAsset;

  constructor(scope: Construct, id: string, private readonly props: HostDocumentProps) {
    super(scope, id);
    this.asset = new TaskRunnerAsset(this, 'TaskRunner');
    const content = this.content();
    const document = new CfnDocument(this, 'Document', {
      documentType: 'Command', documentFormat: 'JSON', updateMethod: 'NewVersion', content,
    });
    this.documentName = document.ref;
    const { hosts, name, tagKey, logs } = props;
    new CfnAssociation(this, 'Association', {
      name: document.ref,
      associationName: name,
      targets: [{ key: `tag:${tagKey}`, values: [HOST_TAG_VALUE] }],
      // What changes is applied at once; State Manager does not look into the document.
      parameters: { Action: ['Install'], Version: [this.hash(content)] },
      scheduleExpression: hosts.scheduleExpression,
      outputLocation: { s3Location: { outputS3BucketName: logs.bucket.bucketName, outputS3KeyPrefix: `${logs.key}systems-manager` } },
    });
  }

  /** To be a host that Systems Manager manages, and to fetch Task Runner. */
  public grantHost(grantee: IGrantable): void {
    const document = Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName: this.documentName });
    const may = (actions: string[], resources: string[]) => grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    may([...AGENT_ACTIONS, ...ASSOCIATION_ACTIONS], ['*']);
    may(['ssm:GetDocument'], [document]);
    this.asset.grantFetch(grantee);
  }

  private content() {
    const { asset, props: { hosts } } = this;
    return {
      schemaVersion: '2.2',
      description: 'Installs, upgrades or removes Task Runner',
      parameters: {
        Action: { type: 'String', description: 'What to do', default: 'Install', allowedValues: ['Install', 'Uninstall'] },
        Version: { type: 'String', description: 'Which version of this is applied', default: '', allowedPattern: '^[0-9a-f]{0,64}$' },
      },
      mainSteps: [
        {
          action: 'aws:downloadContent',
          name: 'fetch',
          inputs: {
            sourceType: 'S3',
            sourceInfo: Stack.of(this).toJsonString({ path: asset.httpUrl }),
            destinationPath: `${DOWNLOADS}/${asset.checksum}/`,
          },
        },
        {
          action: 'aws:runShellScript',
          name: 'apply',
          inputs: { timeoutSeconds: String(hosts.drainTimeout + 1800), runCommand: hostScript(this.installation()).split('\n') },
        },
      ],
    };
  }

  private installation(): HostInstallation {
    const { asset, props: { hosts, name, activityArn, logs } } = this;
    return {
      ...hosts,
      name,
      activityArn,
      region: Stack.of(this).region,
      logUri: `${logs.uri}task-runner/`,
      checksum: asset.checksum,
      fileName: `${asset.assetHash}.js`,
    };
  }

  private hash(content: object): string {
    return createHash('sha256').update(JSON.stringify(Stack.of(this).resolve(content))).digest('hex');
  }
}
