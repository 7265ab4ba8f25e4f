/**
 * Makes the runtime remember which signatures have verified, by key, signature and bytes, until it is disposed: what was good
 * once is good, and a test that loads one log thousands of times spends its time on what differs.
 */
export function rememberSignatures(): Disposable {
  const { subtle } = crypto;
  const { importKey, verify } = subtle;
  const keys = new WeakMap<CryptoKey, string>();
  const good = new Set<string>();

  const importNoting = async (...args: readonly unknown[]): Promise<CryptoKey> => {
    const key = await Reflect.apply(importKey, subtle, args);
    if (args[1] instanceof Uint8Array) keys.set(key, args[1].toHex());
    return key;
  };
  const verifyOnce: typeof verify = async (algorithm, key, signature, bytes) => {
    const known = keys.get(key);
    if (known === undefined || !(signature instanceof Uint8Array) || !(bytes instanceof Uint8Array)) {
      return await verify.call(subtle, algorithm, key, signature, bytes);
    }
    const name = `${known} ${signature.toHex()} ${bytes.toHex()}`;
    if (good.has(name)) return true;
    const verifies = await verify.call(subtle, algorithm, key, signature, bytes);
    if (verifies) good.add(name);
    return verifies;
  };
  Object.assign(subtle, { importKey: importNoting, verify: verifyOnce });
  return { [Symbol.dispose]: () => void Object.assign(subtle, { importKey, verify }) };
}
