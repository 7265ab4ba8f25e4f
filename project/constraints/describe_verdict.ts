import type { Verdict } from "./constraint_check.ts";

/** A constraint that must be told of, and the resource whose it is. */
export interface ToldConstraint {
  readonly text: string;
  readonly address: string;
  readonly type: string;
}

/** Why a resource cannot be made or changed, as far as a constraint says so; `undefined` where it holds or is not checked. */
export function refusalText({ text, address, type }: ToldConstraint, verdict: Verdict): string | undefined {
  const resource = `"${address}" (${type})`;
  const constraint = JSON.stringify(text);
  switch (verdict.kind) {
    case "false": {
      const found = verdict.found === "" ? "" : `, found ${verdict.found}`;
      return `Cannot accept ${resource}: its constraint ${constraint} does not hold${found}`;
    }
    case "faulty":
      return `Cannot check the constraint ${constraint} of ${resource}: ${verdict.why}`;
    case "unknown":
      return `Cannot check the constraint ${constraint} of ${resource}: what ${verdict.address} gives is still unknown`;
    case "holds":
    case "prose":
    case "doubtful":
      return undefined;
  }
}
