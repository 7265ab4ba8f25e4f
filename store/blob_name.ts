const SEGMENT = "[a-z0-9_-][a-z0-9_.-]*";
const NAME_REGEXP = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);

/** Throws unless `name` can name a blob: no segment begins with a dot, so that none leads out of the store's folder. */
export function requireBlobName(name: string): void {
  if (!NAME_REGEXP.test(name)) throw new RangeError(`Cannot name a blob ${JSON.stringify(name)}`);
}
