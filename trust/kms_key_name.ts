import type { Brand } from "../engine/brand.ts";

/** How a key in AWS KMS is named: its ARN, that of an alias, `alias/NAME`, or its bare id. */
export type KmsKeyName = Brand<string, "KmsKeyName">;

/** What `parseKmsKeyName` accepts, in words. */
export const KMS_KEY_NAME_FORM = "the ARN of a KMS key or alias, alias/NAME, or the id of a key";

const ARN_REGEXP = /^arn:(aws[a-z-]*):kms:([a-z0-9-]{1,32}):[0-9]{12}:(.+)$/;
const KEY_ID_REGEXP = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const ALIAS_REGEXP = /^alias\/[A-Za-z0-9/_-]{1,250}$/;

/** Returns `undefined` when `text` names no key of KMS. */
export function parseKmsKeyName(text: string): KmsKeyName | undefined {
  const [, , , resource = text] = ARN_REGEXP.exec(text) ?? [];
  const isArn = resource !== text;
  const id = isArn && resource.startsWith("key/") ? resource.slice("key/".length) : resource;
  const isKey = KEY_ID_REGEXP.test(id) && (!isArn || id !== resource);
  return isKey || ALIAS_REGEXP.test(resource) ? (text as KmsKeyName) : undefined;
}

/** The region that an ARN names; `undefined` for other forms. */
export function regionOfKmsKey(name: KmsKeyName): string | undefined {
  return ARN_REGEXP.exec(name)?.[2];
}

/** What people call the key: the name of its alias, or its id; fit for the name of a key in the log. */
export function labelOfKmsKey(name: KmsKeyName): string {
  const resource = ARN_REGEXP.exec(name)?.[3] ?? name;
  return resource.replace(/^(?:alias|key)\//, "").replaceAll("/", "-").slice(0, 64);
}
