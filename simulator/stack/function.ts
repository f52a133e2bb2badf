import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Assembly } from './assembly';
import { DeployedResource } from './resources';
import { Environment, TemplateError } from './template';
import { fields, optionalFields, text } from '../services/fields';
import { LambdaFunction } from '../services/lambda';

/** A function's own code, loaded at its first call; its environment variables become this process's. */
export function functionOf({ logicalId, properties }: DeployedResource, assembly: Assembly, environment: Environment): LambdaFunction {
  let loaded: LambdaFunction | undefined;
  const load = (): LambdaFunction => {
    const [module, name] = text(properties, 'Handler').split('.');
    const file = join(assembly.folderOf(text(fields(properties, 'Code'), 'S3Key'), environment), `${module}.js`);
    Object.assign(process.env, optionalFields(optionalFields(properties, 'Environment') ?? {}, 'Variables'));
    const handler = (createRequire(file)(file) as Record<string, unknown>)[name];
    if (typeof handler !== 'function') throw new TemplateError(`function '${logicalId}'`, `${file} exports no function '${name}'`);
    return handler as LambdaFunction;
  };
  return (payload, context) => (loaded ??= load())(payload, context);
}
