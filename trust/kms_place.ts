import { err, ok, type Result } from "../engine/result.ts";
import { type KmsKeyName, regionOfKmsKey } from "./kms_key_name.ts";

/** Where the key service that holds a key is reached. */
export interface KmsPlace {
  readonly region: string;
  readonly endpoint: URL;
}

/** Why it cannot be told. */
export interface KmsPlaceFault {
  readonly message: string;
  readonly hint: string;
}

/** Reads a variable of the environment; an empty one counts as unset. */
type ReadVariable = (name: string) => string | undefined;

/** The SDK's own names, the more special ones first. */
const ENDPOINT_VARIABLES: readonly string[] = ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"];
const REGION_VARIABLES: readonly string[] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/**
 * Where the key `name` is reached: in the region of its ARN, else in `region`, else in that of the environment variables; at
 * the public endpoint of that region, unless a variable names another.
 */
export function kmsPlace(
  read: ReadVariable,
  name: KmsKeyName,
  region: string | undefined,
): Result<KmsPlace, KmsPlaceFault> {
  const known = regionOfKmsKey(name) ?? region ?? firstOf(read, REGION_VARIABLES)?.value;
  if (known === undefined) {
    return err({
      message: `Cannot tell in which region the key "${name}" lies`,
      hint: 'Write region = "…" below [kms] of smelt.toml, set AWS_REGION, or name the key by its ARN',
    });
  }
  const given = firstOf(read, ENDPOINT_VARIABLES);
  if (given === undefined) return ok({ region: known, endpoint: new URL(publicEndpoint(known)) });
  const endpoint = URL.parse(given.value);
  const why = endpoint === null ? "it is not a URL" : unsafeEndpoint(endpoint);
  if (endpoint !== null && why === undefined) return ok({ region: known, endpoint });
  return err({
    message: `Cannot use the endpoint of ${given.name}, "${given.value}": ${why}`,
    hint: `For example ${given.name}=${publicEndpoint(known)}`,
  });
}

/** What of `--allow-net` lets the program reach the place. */
export function hostOfKms({ endpoint }: KmsPlace): string {
  return endpoint.host;
}

/** The region to write down beside a key whose name does not tell it. */
export function impliedRegion(read: ReadVariable, name: KmsKeyName): string | undefined {
  return regionOfKmsKey(name) === undefined ? firstOf(read, REGION_VARIABLES)?.value : undefined;
}

function publicEndpoint(region: string): string {
  return `https://kms.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** Data keys come back in the answers. */
function unsafeEndpoint({ protocol, hostname }: URL): string | undefined {
  if (protocol === "https:") return undefined;
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
  return protocol === "http:" && isHere ? undefined : "keys would travel in clear; expected https:";
}

function firstOf(
  read: ReadVariable,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = read(name);
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}
