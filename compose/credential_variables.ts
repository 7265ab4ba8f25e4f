/** Names of variables that hold a credential itself, and not where one is or whose it is. */
const CREDENTIAL_REGEXP =
  /(?:PASSWORD|PASSWD|PASSPHRASE|PASSCODE|_PWD|_PASS|TOKEN|SECRET|CREDENTIALS?|(?:API|ACCESS|SECRET|PRIVATE|ACCOUNT|MASTER|ENCRYPTION|SIGNING)_?KEY)(?:_?[0-9]+)?$/i;

/** Variables that the shell sets for other ends. */
const OTHERS: ReadonlySet<string> = new Set(["OLDPWD", "GOOGLE_APPLICATION_CREDENTIALS"]);

/** A password in an address, as in `postgres://user:password@host`. */
const ADDRESS_REGEXP = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:([^\s@]+)@/i;

/** What of a variable's value is a credential: all of it where its name says so, or the password in an address. */
export function credentialIn(name: string, value: string): string | undefined {
  if (CREDENTIAL_REGEXP.test(name) && !OTHERS.has(name.toUpperCase())) return value;
  return ADDRESS_REGEXP.exec(value)?.[1];
}

/** The credentials among all variables of a process. */
export function credentialsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => credentialIn(name, value) ?? []);
}
