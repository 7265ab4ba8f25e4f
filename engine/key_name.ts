const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SECRET_KEY_REGEXP = /\.(?:data|digest)-[0-9a-f]{32}$/;

/** Whether `name` can name a signing key and its file: letters, digits, `.`, `_` and `-`, 64 at most. */
export function isKeyName(name: string): boolean {
  return NAME_REGEXP.test(name);
}

/** Whether a file of this name, without its ending, is one of a key of secrets, which signs nothing. */
export function isSecretKeyName(name: string): boolean {
  return SECRET_KEY_REGEXP.test(name);
}
