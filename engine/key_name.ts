const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether `name` can name a signing key and its file: letters, digits, `.`, `_` and `-`, 64 at most. */
export function isKeyName(name: string): boolean {
  return NAME_REGEXP.test(name);
}
