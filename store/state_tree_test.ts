import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { canonicalState } from "../engine/canonical_state.ts";
import { absentResource, type ResourceState } from "../engine/resource_state.ts";
import { compareText } from "../engine/text_order.ts";
import { CHECKS, createStarted } from "./_test_log.ts";
import { proveState, rootOfProof, stateLeaf, stateRoot } from "./state_tree.ts";

const { hash } = CHECKS;

const ADDRESS = fc.stringMatching(/^[a-z\u{ff21}\u{1d400}]{1,3}\.[a-z]{1,2}$/u);
const STATES = fc.uniqueArray(ADDRESS, { minLength: 1, maxLength: 20 }).map((addresses) =>
  new Map(addresses.map((address, nth) => [address, held(address, nth)]))
);

Deno.test("the proof of each address leads to the root, whatever order the states came in", () => {
  fc.assert(fc.property(STATES, (resources) => {
    const { count, root } = stateRoot(hash, resources);
    strictEqual(count, resources.size);
    strictEqual(stateRoot(hash, new Map([...resources].reverse())).root, root);
    for (const [nth, address] of [...resources.keys()].sort(compareText).entries()) {
      const proof = proveState(hash, resources, address);
      ok(proof !== undefined);
      deepStrictEqual(proof.place, { index: nth, count });
      strictEqual(rootOfProof(hash, address, proof), root);
    }
  }));
});

Deno.test("a proof with one changed byte, of another count or of another address leads elsewhere", () => {
  fc.assert(fc.property(STATES, fc.nat(), fc.nat(), (resources, nth, at) => {
    const address = [...resources.keys()][nth % resources.size] ?? "";
    const { root } = stateRoot(hash, resources);
    const proof = proveState(hash, resources, address);
    ok(proof !== undefined);
    const { place, siblings, state } = proof;
    const altered = [
      { ...proof, state: flipped(state, at) },
      ...siblings.map((each, index) => ({
        ...proof,
        siblings: siblings.with(index, each.startsWith("0") ? `1${each.slice(1)}` : `0${each.slice(1)}`),
      })),
      { ...proof, place: { ...place, count: place.count + 1 } },
      {
        ...proof,
        siblings: siblings.slice(1),
        place: { index: place.index >> 1, count: (place.count + 1) >> 1 },
      },
    ];
    for (const each of altered.slice(0, siblings.length === 0 ? -1 : undefined)) {
      notStrictEqual(rootOfProof(hash, address, each), root);
    }
    notStrictEqual(rootOfProof(hash, `${address}x`, proof), root);
  }));
});

Deno.test("a node cannot be shown as a leaf, nor a root as a node", () => {
  const resources = new Map(["a.a", "b.b", "c.c"].map((address, nth) => [address, held(address, nth)]));
  const leaves = [...resources.values()].map((state) =>
    stateLeaf(hash, state.address, canonicalState(state))
  );
  const [one = "", other = "", third = ""] = leaves;
  const bytes = (text: string) => Uint8Array.fromHex(text);
  const node = hash(new Uint8Array([1, ...bytes(one), ...bytes(other)]));
  const top = hash(new Uint8Array([1, ...bytes(node), ...bytes(third)]));
  const { root } = stateRoot(hash, resources);
  strictEqual(root, hash(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 3, ...bytes(top)])));
  // The same three leaves as the children of a node that counts for a leaf.
  notStrictEqual(hash(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 2, ...bytes(top)])), root);
  const fake = new TextDecoder("latin1").decode(new Uint8Array([...bytes(one), ...bytes(other)]));
  notStrictEqual(stateLeaf(hash, "", fake), node);
});

Deno.test("a root is over what addresses hold: one of which nothing is left is not in it", () => {
  const gone = { ...absentResource("z.z"), version: 7 };
  const resources = new Map([["a.a", held("a.a", 1)]]);
  const { root } = stateRoot(hash, resources);
  deepStrictEqual(stateRoot(hash, new Map([...resources, ["z.z", gone]])), { count: 1, root });
  strictEqual(proveState(hash, new Map([["z.z", gone]]), "z.z"), undefined);
  const empty = hash(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0]));
  deepStrictEqual(stateRoot(hash, new Map()), { count: 0, root: empty });
});

function held(address: string, nth: number): ResourceState {
  const started = createStarted(address, `t${nth}`);
  const intent = { run: "r", seq: nth, at: "", started, acceptedId: undefined, doubt: undefined };
  return { ...absentResource(address), version: nth + 1, intent };
}

function flipped(text: string, at: number): string {
  const index = at % text.length;
  return `${text.slice(0, index)}${text[index] === "x" ? "y" : "x"}${text.slice(index + 1)}`;
}
