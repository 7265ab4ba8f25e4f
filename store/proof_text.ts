import type { StateProof } from "./state_tree.ts";

/** Files that prove something under a signed checkpoint, which stands in each of them whole. Hashes are in hex. */

/** That an address has this state. */
export function stateProofText(address: string, proof: StateProof, checkpoint: string): string {
  const { place, siblings, state } = proof;
  const json = { schema: "smelt.state-proof.v1", address, state, ...place, siblings, checkpoint };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

/** That a record is in the log, in the form of https://c2sp.org/tlog-proof; `text` is the record's canonical text. */
export function recordProofText(
  { seq, text, siblings }: {
    readonly seq: number;
    readonly text: string;
    readonly siblings: readonly string[];
  },
  checkpoint: string,
): string {
  const extra = new TextEncoder().encode(text).toBase64();
  return linesBefore(checkpoint, ["c2sp.org/tlog-proof@v1", `extra ${extra}`, `index ${seq - 1}`], siblings);
}

/** That the log has only grown since it had so many records: what witnesses are asked by https://c2sp.org/tlog-witness. */
export function growthProofText(since: number, hashes: readonly string[], checkpoint: string): string {
  return linesBefore(checkpoint, [`old ${since}`], hashes);
}

function linesBefore(checkpoint: string, lines: readonly string[], hashes: readonly string[]): string {
  const encoded = hashes.map((each) => Uint8Array.fromHex(each).toBase64());
  return `${[...lines, ...encoded].join("\n")}\n\n${checkpoint}`;
}
