/**
 * A set of texts in an item of the Run table, kept as a list.
 *
 * SDK integrations have the names of the Java SDK: what DynamoDB calls SS, NS, BOOL or NULL comes out of them as Ss, Ns, Bool and Nul,
 * and which of the two goes in is not documented. Types of one letter (S, N, B, L, M) have the same name everywhere, so machines
 * use no others. A call that is made twice adds twice; readers look at distinct members.
 */
import { Asl } from '../asl';

/** For an UpdateExpression: the assignment, and the values that it names. */
export interface Addition {
  readonly assignment: string;
  readonly values: Asl;
}

/** `attribute` may be a placeholder; `member` is a text or a field that JSONata computes. */
export function adding(attribute: string, member: string): Addition {
  const value = `:${attribute.replace('#', '')}`;
  return {
    assignment: `${attribute} = list_append(if_not_exists(${attribute}, :none), ${value})`,
    values: { ':none': { L: [] }, [value]: { L: [{ S: member }] } },
  };
}

/** JSONata of the members, an array also where there is no such attribute; `attributes` is JSONata of the item. */
export function members(attributes: string, attribute: string): string {
  return `[$distinct(${attributes}.${attribute}.L.S)]`;
}
