import { Json, TaskFailure } from '../task';
import { Fields } from './fields';

/*
 * What the two kinds of service integrations make of a service's answers. SDK integrations (`aws-sdk:`) name errors as the AWS
 * SDK for Java 2 does, the optimized ones as its first version did. Request ids are constant, so that runs are repeatable.
 */

const REQUEST_ID = '00000000-0000-0000-0000-000000000000';

/** An error that the service's model has, as an SDK integration gives it: `Emr.InvalidRequestException`. */
export function sdkFailure(service: string, name: string, message: string, status = 400): TaskFailure {
  return new TaskFailure(`${service}.${name}`, `${message} (Service: ${service}, Status Code: ${status}, Request ID: ${REQUEST_ID})`);
}

/** An error as an optimized integration gives it; `code` is the service's own name of it. */
export function optimizedFailure(error: string, service: string, code: string, message: string, status = 400): TaskFailure {
  const cause = `${message} (Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${REQUEST_ID}; Proxy: null)`;
  return new TaskFailure(error, cause);
}

/** The answer of an optimized integration, which carries the call's metadata. */
export function optimizedResult(result: Fields): Json {
  return { ...result, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: REQUEST_ID } } as Json;
}

/** What a thrown value says; it need not be an Error of this realm. */
export function messageOf(thrown: unknown): string {
  const { message } = Object(thrown) as { message?: unknown };
  return typeof message === 'string' ? message : String(thrown);
}
