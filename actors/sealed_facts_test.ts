import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import type { JsonObject } from "../engine/json.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { record, Secret } from "../engine/value.ts";
import { MemoryVault } from "../tests/support/memory_vault.ts";
import { SeededRandom } from "../tests/support/seeded_random.ts";
import { openInputs, sealFacts, sealInputs } from "./sealed_facts.ts";

/** A type that gives its input back. */
const ECHO: ResourceSchema = {
  type: "toy.Echo",
  summary: "What goes in comes out",
  version: 1,
  sections: [{ name: "input", summary: "Any", open: true, fields: [] }],
  outputs: [],
  echoes: "input",
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

function part(json: JsonObject, name: string): unknown {
  const found = json[name];
  ok(found !== undefined, name);
  return found;
}

Deno.test("sealFacts() keeps the blob of a secret that comes back as an output", async () => {
  const vault = new MemoryVault(new SeededRandom(1));
  const input = record([["password", new Secret("hunter2")], ["size", 3]]);
  const inputs = await sealInputs(vault, ECHO, record([["input", input]]), undefined);
  const { fields, secrets } = await openInputs(vault, inputs);
  const live = { id: "1", fields, outputs: record([["password", "hunter2"], ["size", 3]]) };
  const sent = { inputs, secrets, before: undefined };
  const facts = await sealFacts(vault, ECHO, { ...live, precondition: undefined }, sent);
  deepStrictEqual(facts.outputs, inputs["input"]);
  deepStrictEqual(facts.fields, inputs);
});

Deno.test("sealFacts() seals what comes back otherwise than it was sent in a blob of its own", async () => {
  const vault = new MemoryVault(new SeededRandom(1));
  const input = record([["password", new Secret("hunter2")]]);
  const inputs = await sealInputs(vault, ECHO, record([["input", input]]), undefined);
  const { fields, secrets } = await openInputs(vault, inputs);
  const outputs = record([["password", "Hunter2!"]]);
  const live = { id: "1", fields, outputs, precondition: undefined };
  const facts = await sealFacts(vault, ECHO, live, { inputs, secrets, before: undefined });
  const sealed = part(facts.outputs, "password");
  ok(JSON.stringify(sealed).includes("$secret"));
  notDeepStrictEqual(facts.outputs, inputs["input"]);
});
