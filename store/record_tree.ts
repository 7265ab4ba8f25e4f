import {
  type HashNode,
  type LeafPlace,
  merkleGrowth,
  merkleSiblings,
  merkleTop,
  topOverLeaf,
} from "../engine/merkle_tree.ts";
import type { Sha256 } from "../trust/sha256.ts";

/**
 * The tree over the records of a log that is RFC 6962's (section 2.1), so that those who watch logs can watch ours: SHA-256, and
 * as the entry of a record the 32 bytes of its hash. All hashes are in hex.
 */
const LEAF = 0x00;
const NODE = 0x01;
const HASH_BYTES = 32;

/** SHA-256(0x00 ‖ hash of the record) */
export function recordLeaf(sha256: Sha256, recordHash: string): string {
  const bytes = new Uint8Array(1 + HASH_BYTES);
  bytes[0] = LEAF;
  bytes.set(Uint8Array.fromHex(recordHash), 1);
  return sha256(bytes);
}

/** The root over the records with these hashes, in order; without any the hash of nothing. */
export function recordRoot(sha256: Sha256, recordHashes: readonly string[]): string {
  return merkleTop(leavesOf(sha256, recordHashes), nodes(sha256)) ?? sha256(new Uint8Array());
}

/** What is hashed with the record `index`, 0 being record 1, on its way to the root: RFC 6962 section 2.1.1. */
export function recordSiblings(
  sha256: Sha256,
  recordHashes: readonly string[],
  index: number,
): readonly string[] {
  return merkleSiblings(leavesOf(sha256, recordHashes), index, nodes(sha256));
}

/** What shows that these records begin with the first `since` of them: RFC 6962 section 2.1.2. */
export function recordGrowth(
  sha256: Sha256,
  recordHashes: readonly string[],
  since: number,
): readonly string[] {
  return merkleGrowth(leavesOf(sha256, recordHashes), since, nodes(sha256));
}

/** The root that a record and its siblings lead to; `undefined` when a log of so many records has another number of them. */
export function rootOverRecord(
  sha256: Sha256,
  recordHash: string,
  place: LeafPlace,
  siblings: readonly string[],
): string | undefined {
  return topOverLeaf(recordLeaf(sha256, recordHash), place, siblings, nodes(sha256));
}

function leavesOf(sha256: Sha256, recordHashes: readonly string[]): readonly string[] {
  return recordHashes.map((each) => recordLeaf(sha256, each));
}

/** SHA-256(0x01 ‖ left ‖ right) */
function nodes(sha256: Sha256): HashNode<string> {
  return (left, right) => {
    const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
    bytes[0] = NODE;
    bytes.set(Uint8Array.fromHex(left), 1);
    bytes.set(Uint8Array.fromHex(right), 1 + HASH_BYTES);
    return sha256(bytes);
  };
}
