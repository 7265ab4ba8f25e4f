import { deepStrictEqual, throws } from "node:assert/strict";
import { InvariantError } from "../engine/invariant.ts";
import { localProvider } from "./local/local_provider.ts";
import { providerRegistry } from "./registry.ts";

const registry = providerRegistry([localProvider("/")]);

Deno.test("lookUp() finds a type with its schema and its provider", () => {
  const found = registry.lookUp("local.Data");
  deepStrictEqual(found.ok && [found.value.schema.type, found.value.provider.name], ["local.Data", "local"]);
});

Deno.test("lookUp() names the near provider or type", () => {
  const cases = [
    ["locl.Data", 'Unknown provider "locl" in the type "locl.Data"', 'Did you mean "local"?'],
    ["local.Dat", 'Unknown type "local.Dat" of the provider "local"', 'Did you mean "local.Data"?'],
    ["Network", 'Unknown provider "Network" in the type "Network"', 'There is "local"'],
  ] as const;
  for (const [type, message, hint] of cases) {
    deepStrictEqual(registry.lookUp(type), { ok: false, error: { code: "E-UNKNOWN-TYPE", message, hint } });
  }
});

Deno.test("providerRegistry() takes no two providers of one name", () => {
  throws(() => providerRegistry([localProvider("/"), localProvider("/")]), InvariantError);
});
