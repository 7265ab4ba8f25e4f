import { deepStrictEqual } from "node:assert/strict";
import { faultsFrom } from "./faults_from.ts";

Deno.test("faultsFrom() reads the file again at each call, and the variable while there is none", async () => {
  const folder = await Deno.makeTempDir();
  const faults = faultsFrom(folder, "[1]");
  const seen = [faults()];
  await Deno.writeTextFile(`${folder}/faults.json`, "[2]");
  seen.push(faults());
  await Deno.remove(folder, { recursive: true });
  seen.push(faults());
  deepStrictEqual(seen, ["[1]", "[2]", "[1]"]);
  deepStrictEqual(faultsFrom(folder, undefined)(), undefined);
});
