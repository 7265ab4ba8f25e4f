/**
 * Verifies a proof that `smelt audit proof` wrote, offline, from the file and public keys alone:
 *
 *   deno run -R verify_proof.ts PROOF KEY...
 *
 * KEY is a verifier key in the form of C2SP: that of the log, as `smelt audit checkpoint` prints it, and those of witnesses who must
 * have cosigned. This program has nothing of smelt in it: it is what docs/log-format.md says, written down once more.
 */
import { createBLAKE3, createSHA256 } from "hash-wasm";

/** What a proof shows, once it holds. */
export interface Proven {
  /** The log, with project and environment, and how many records it had. */
  readonly origin: string;
  readonly recordCount: number;
  /** The state of the address, or the record, as text. */
  readonly content: string;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Hash = (bytes: Uint8Array) => string;

/** Verifies the text of a proof under all of `keys`; throws an `Error` that says what does not hold. */
export async function verifyProof(proof: string, keys: readonly string[]): Promise<Proven> {
  return proof.startsWith("c2sp.org/tlog-proof@v1\n")
    ? await verifyRecordProof(proof, keys)
    : await verifyStateProof(proof, keys);
}

async function verifyStateProof(proof: string, keys: readonly string[]): Promise<Proven> {
  const { schema, address, state, index, count, siblings, checkpoint } = JSON.parse(proof);
  if (schema !== "smelt.state-proof.v1") throw new Error(`Cannot read a proof of the schema "${schema}"`);
  const signed = await openCheckpoint(checkpoint, keys);
  const blake3 = await loadBlake3();
  if (JSON.parse(state).address !== address) throw new Error(`The state is not one of "${address}"`);
  const leaf = blake3(join([0], utf8(address), [0], utf8(state)));
  const top = climb(leaf, { index, count, siblings }, blake3);
  const counted = new Uint8Array(8);
  new DataView(counted.buffer).setBigUint64(0, BigInt(count));
  const root = blake3(join([2], counted, Uint8Array.fromHex(top)));
  if (root !== signed.state) throw new Error("The state does not lead to the root that was signed");
  return { ...signed, content: state };
}

async function verifyRecordProof(proof: string, keys: readonly string[]): Promise<Proven> {
  const end = proof.indexOf("\n\n");
  const [, extra = "", place = "", ...siblings] = proof.slice(0, end).split("\n");
  const signed = await openCheckpoint(proof.slice(end + 2), keys);
  const record = Uint8Array.fromBase64(extra.replace(/^extra /, ""));
  const index = Number(place.replace(/^index /, ""));
  const sha256 = await loadSha256();
  const leaf = sha256(join([0], Uint8Array.fromHex((await loadBlake3())(record))));
  const hashes = siblings.map((each) => Uint8Array.fromBase64(each).toHex());
  const root = climb(leaf, { index, count: signed.recordCount, siblings: hashes }, sha256);
  if (root !== signed.records) throw new Error("The record does not lead to the root that was signed");
  return { ...signed, content: new TextDecoder().decode(record) };
}

/** A leaf of a tree, and what it is hashed with on the way up. */
interface Path {
  readonly index: number;
  readonly count: number;
  readonly siblings: readonly string[];
}

/** RFC 9162 section 2.1.3.2: a node is the hash of 0x01 and its two children; an odd one is carried up. */
function climb(leaf: string, { index, count, siblings }: Path, hash: Hash): string {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < count)) throw new Error("The place is none");
  const left = [...siblings];
  let at = index;
  let last = count - 1;
  let node = leaf;
  while (last > 0) {
    if (at % 2 === 1 || at < last) {
      const sibling = left.shift();
      if (sibling === undefined) throw new Error("The proof is too short");
      const [one, other] = at % 2 === 1 ? [sibling, node] : [node, sibling];
      node = hash(join([1], Uint8Array.fromHex(one), Uint8Array.fromHex(other)));
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (left.length > 0) throw new Error("The proof is too long");
  return node;
}

/** What a checkpoint says that bears a signature of each key. */
interface Checkpoint {
  readonly origin: string;
  readonly recordCount: number;
  /** Root over the records, in hex. */
  readonly records: string;
  /** Root over the resources, in hex. */
  readonly state: string | undefined;
}

async function openCheckpoint(note: string, keys: readonly string[]): Promise<Checkpoint> {
  if (keys.length === 0) throw new Error("Name a key");
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split("\n");
  for (const key of keys) await requireSigned(text, lines, key);
  const [origin = "", count = "", root = "", ...others] = text.split("\n");
  if (!keys.some((key) => key.startsWith(`${origin}+`))) {
    throw new Error("None of the keys is one of the log");
  }
  const state = others.find((line) => line.startsWith("state "))?.slice(6);
  return { origin, recordCount: Number(count), records: Uint8Array.fromBase64(root).toHex(), state };
}

/** Type 1 signs the text itself, type 4 under a line with the time that stands before the signature. */
async function requireSigned(text: string, lines: readonly string[], verifierKey: string): Promise<void> {
  const [, name = "", id = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifierKey) ?? [];
  const typed = Uint8Array.fromBase64(encoded);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", join(utf8(`${name}\n`), typed)));
  if (digest.subarray(0, 4).toHex() !== id) throw new Error(`"${verifierKey}" is not a verifier key`);
  const key = await crypto.subtle.importKey("raw", typed.slice(1), "Ed25519", ...VERIFY_ONLY);
  for (const line of lines.filter((each) => each.startsWith(`— ${name} `))) {
    const bytes = Uint8Array.fromBase64(line.slice(`— ${name} `.length));
    if (bytes.subarray(0, 4).toHex() !== id) continue;
    const { message, signature } = signedParts(text, bytes.slice(4), typed[0]);
    if (await crypto.subtle.verify("Ed25519", key, signature, utf8(message))) return;
  }
  throw new Error(`The checkpoint bears no signature of ${name}`);
}

const VERIFY_ONLY: [extractable: boolean, uses: KeyUsage[]] = [false, ["verify"]];

function signedParts(
  text: string,
  bytes: Bytes,
  type: number | undefined,
): { message: string; signature: Bytes } {
  if (type !== 4) return { message: text, signature: bytes };
  const time = new DataView(bytes.buffer).getBigUint64(0);
  return { message: `cosignature/v1\ntime ${time}\n${text}`, signature: bytes.slice(8) };
}

async function loadBlake3(): Promise<Hash> {
  const hasher = await createBLAKE3();
  return (bytes) => hasher.init().update(bytes).digest("hex");
}

async function loadSha256(): Promise<Hash> {
  const hasher = await createSHA256();
  return (bytes) => hasher.init().update(bytes).digest("hex");
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function join(...parts: readonly (Uint8Array | readonly number[])[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

if (import.meta.main) {
  const [path = "", ...keys] = Deno.args;
  try {
    const { content, origin, recordCount } = await verifyProof(await Deno.readTextFile(path), keys);
    await Deno.stdout.write(utf8(`Holds in ${origin}, up to record ${recordCount}:\n${content}\n`));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await Deno.stderr.write(utf8(`${error.message}\n`));
    Deno.exit(1);
  }
}
