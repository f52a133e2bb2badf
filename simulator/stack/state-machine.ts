import { S3Store } from '../servers/s3-store';
import { fields, optionalFields, optionalText, text } from '../services/fields';
import { Json } from '../task';
import { DeployedResource } from './resources';

export function stateMachineName({ attributes }: DeployedResource): string {
  return attributes.Name;
}

/** From the template, or from the object that it names, with the substitutions made. */
export async function definitionOf({ properties }: DeployedResource, store: S3Store): Promise<Json> {
  const definition = optionalFields(properties, 'Definition');
  if (definition) return definition as Json;
  const substitutions = optionalFields(properties, 'DefinitionSubstitutions') ?? {};
  const source = optionalText(properties, 'DefinitionString') ?? await stored(store, fields(properties, 'DefinitionS3Location'));
  return source.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => (name in substitutions ? String(substitutions[name]) : whole));
}

async function stored(store: S3Store, location: ReturnType<typeof fields>): Promise<string> {
  const object = store.get(text(location, 'Bucket'), text(location, 'Key'));
  return Buffer.concat(await store.read(object).toArray() as Buffer[]).toString();
}
