import { KMS_KEY_NAME_FORM, type KmsKeyName, parseKmsKeyName } from "../trust/kms_key_name.ts";
import type { Check } from "./smelt_toml_check.ts";
import type { Table } from "./smelt_toml_table.ts";
import { tomlString } from "./smelt_toml_text.ts";

/** Where the keys of an environment are. */
export interface KeyPlaces {
  /** The key in KMS that signs; `undefined`: one in a file of this machine. */
  readonly signing: KmsKeyName | undefined;
  /** The key in KMS under which secret keys are wrapped when they are made; `undefined`: they lie in clear. */
  readonly wrapping: KmsKeyName | undefined;
  /** In which region a key in KMS lies whose name does not say it. */
  readonly region: string | undefined;
}

/** What holds where `smelt.toml` says nothing: all keys lie in files. */
export const LOCAL_KEYS: KeyPlaces = { signing: undefined, wrapping: undefined, region: undefined };

/** What stands before the name of a key in KMS, where a key of another kind may stand too. */
const KMS_PREFIX = "kms:";

/** What may name a signing key, in words. */
export const SIGNING_KEY_FORM = `"${KMS_PREFIX}" and ${KMS_KEY_NAME_FORM}`;

/** Reads `kms:NAME`; `undefined` for anything else. */
export function parseKmsReference(text: string): KmsKeyName | undefined {
  return text.startsWith(KMS_PREFIX) ? parseKmsKeyName(text.slice(KMS_PREFIX.length)) : undefined;
}

/** Writes what `parseKmsReference` reads. */
export function kmsReference(name: KmsKeyName): string {
  return `${KMS_PREFIX}${name}`;
}

/** Reads `[signing]`, `[secrets]` and `[kms]`, each of which has one key. */
export function readKeyPlaces(check: Check, root: Table): KeyPlaces {
  const signing = tableOf(check, root, ["signing", "key"]);
  const secrets = tableOf(check, root, ["secrets", "kms_key"]);
  const kms = tableOf(check, root, ["kms", "region"]);
  const wrapping = { path: ["secrets", "kms_key"], form: KMS_KEY_NAME_FORM, parse: parseKmsKeyName };
  return {
    signing: readSigningKey(check, signing, ["signing", "key"]),
    wrapping: readName(check, secrets, wrapping),
    region: check.text(kms, ["kms", "region"], /^[a-z0-9-]{1,32}$/, "the name of a region of AWS"),
  };
}

function tableOf(check: Check, root: Table, [name, key]: readonly [string, string]): Table | undefined {
  const table = check.table(root, [name]);
  if (table !== undefined) check.keys(table, [name], [key]);
  return table;
}

/** What `[signing]`, `[secrets]` and `[kms]` say of new keys, as the end of a `smelt.toml`. */
export function keyTables({ signing, wrapping, region }: KeyPlaces): string {
  const tables = [
    ["signing", "key", signing && kmsReference(signing)],
    ["secrets", "kms_key", wrapping],
    ["kms", "region", region],
  ] as const;
  return tables.map(([table, key, value]) =>
    value === undefined ? "" : `\n[${table}]\n${key} = ${tomlString(value)}\n`
  ).join("");
}

/** Reads the signing key at `path`. */
export function readSigningKey(
  check: Check,
  table: Table | undefined,
  path: readonly string[],
): KmsKeyName | undefined {
  return readName(check, table, { path, form: SIGNING_KEY_FORM, parse: parseKmsReference });
}

function readName(
  check: Check,
  table: Table | undefined,
  { path, form, parse }: {
    readonly path: readonly string[];
    readonly form: string;
    readonly parse: (text: string) => KmsKeyName | undefined;
  },
): KmsKeyName | undefined {
  const text = check.text(table, path, /^/, form);
  const name = text === undefined ? undefined : parse(text);
  if (text !== undefined && name === undefined) {
    check.fail(path, `Correct "${path.join(".")}": expected ${form}, found ${JSON.stringify(text)}`);
  }
  return name;
}
