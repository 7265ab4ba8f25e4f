import { type Address, formatAddress } from "../engine/address.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";
import { getField } from "../engine/wanted.ts";

/** An address that is free for an object that smelt has not made. */
export interface ProposedAddress {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
}

/** Proposes addresses for objects of one type, each another one than those that are taken. */
export class ImportNames {
  readonly #schema: ResourceSchema;
  readonly #taken: Set<string>;

  constructor(schema: ResourceSchema, taken: Iterable<string>) {
    this.#schema = schema;
    this.#taken = new Set(taken);
  }

  /** An address that says what the object is called. */
  propose(id: string, fields: ValueRecord): ProposedAddress {
    const kind = (this.#schema.type.split(".").at(-1) ?? "resource").toLowerCase();
    const base = plainName(nameOf(this.#schema, fields) ?? id);
    for (let count = 1;; count++) {
      const name = count === 1 ? base : `${base}_${count}`;
      const address = formatAddress({ kind, name });
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return { address, kind, name };
    }
  }
}

/** What people call an object: its unique name, or its `name`. */
export function nameOf({ world }: ResourceSchema, fields: ValueRecord): string | undefined {
  const path = world?.uniqueName ?? { section: "", field: "name" };
  const name = getField(fields, path);
  return typeof name === "string" && name !== "" ? name : undefined;
}

function plainName(text: string): string {
  const plain = text.replace(/[^\p{Alphabetic}\p{N}_-]+/gu, "_").replace(/^_+|_+$/g, "");
  return plain === "" ? "object" : plain;
}
