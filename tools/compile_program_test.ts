import { deepStrictEqual } from "node:assert/strict";
import { COMPILED_PERMISSIONS, compileProgram } from "./compile_program.ts";
import { BANNED_FLAGS } from "./supply_policy.ts";

Deno.test("compileProgram() refuses a base that ignores the source, and leaves nothing behind", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const entry = `${folder}/entry.ts`;
    Deno.writeTextFileSync(entry, 'Deno.stdout.writeSync(new TextEncoder().encode("smelt 1.0.0\\n"));');
    const environment = { DENORT_BIN: Deno.execPath() };
    const fault = compileProgram({ entry, output: `${folder}/out`, version: "smelt 1.0.0", environment });
    deepStrictEqual(fault?.kind, "WrongBase");
    deepStrictEqual([...Deno.readDirSync(folder)].map((file) => file.name), ["entry.ts"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a compiled program holds neither foreign code nor foreign imports, nor everything at once", () => {
  deepStrictEqual(BANNED_FLAGS.filter((flag) => flag.test(COMPILED_PERMISSIONS.join(" "))), []);
});
