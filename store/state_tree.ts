import { canonicalState } from "../engine/canonical_state.ts";
import { heldStates, type ResourceRoot } from "../engine/canonical_environment.ts";
import {
  type HashNode,
  type LeafPlace,
  merkleSiblings,
  merkleTop,
  topOverLeaf,
} from "../engine/merkle_tree.ts";
import type { ResourceState } from "../engine/resource_state.ts";
import type { Hash } from "../trust/blake3.ts";

/** What comes first in what is hashed, so that a leaf, a node and a root are never taken for each other. */
const LEAF = 0x00;
const NODE = 0x01;
const ROOT = 0x02;
/** Between address and state, which names the address once more: no two pairs give one text. */
const BETWEEN = 0x00;
const COUNT_BYTES = 8;

/** That one state is among those of a root. */
export interface StateProof {
  /** The canonical text. */
  readonly state: string;
  readonly place: LeafPlace;
  /** Hashes in hex, the neighbour of the leaf first. */
  readonly siblings: readonly string[];
}

/** The hash of the leaf of an address: BLAKE3(0x00 ‖ address ‖ 0x00 ‖ canonical state). */
export function stateLeaf(hash: Hash, address: string, state: string): string {
  const encoder = new TextEncoder();
  return hash(joined([LEAF], encoder.encode(address), [BETWEEN], encoder.encode(state)));
}

/** The root over the states of all addresses that hold anything. */
export function stateRoot(hash: Hash, resources: ReadonlyMap<string, ResourceState>): ResourceRoot {
  const leaves = heldStates(resources).map((state) => leafOf(hash, state));
  return { count: leaves.length, root: rootOver(hash, leaves.length, merkleTop(leaves, nodes(hash))) };
}

/** The proof that the state of `address` is in that root; `undefined` when the address holds nothing. */
export function proveState(
  hash: Hash,
  resources: ReadonlyMap<string, ResourceState>,
  address: string,
): StateProof | undefined {
  const states = heldStates(resources);
  const index = states.findIndex((each) => each.address === address);
  const state = states[index];
  if (state === undefined) return undefined;
  const leaves = states.map((each) => leafOf(hash, each));
  return {
    state: canonicalState(state),
    place: { index, count: leaves.length },
    siblings: merkleSiblings(leaves, index, nodes(hash)),
  };
}

/** The root that a proof leads to; `undefined` when it is not one of a tree of so many leaves. */
export function rootOfProof(hash: Hash, address: string, proof: StateProof): string | undefined {
  const { place, siblings, state } = proof;
  const top = topOverLeaf(stateLeaf(hash, address, state), place, siblings, nodes(hash));
  return top === undefined ? undefined : rootOver(hash, place.count, top);
}

function leafOf(hash: Hash, state: ResourceState): string {
  return stateLeaf(hash, state.address, canonicalState(state));
}

/** BLAKE3(0x01 ‖ left ‖ right) */
function nodes(hash: Hash): HashNode<string> {
  return (left, right) => hash(joined([NODE], Uint8Array.fromHex(left), Uint8Array.fromHex(right)));
}

/** BLAKE3(0x02 ‖ count ‖ top): the count is in what is signed. Without a resource there is no top. */
function rootOver(hash: Hash, count: number, top: string | undefined): string {
  const counted = new Uint8Array(COUNT_BYTES);
  new DataView(counted.buffer).setBigUint64(0, BigInt(count));
  return hash(joined([ROOT], counted, Uint8Array.fromHex(top ?? "")));
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
