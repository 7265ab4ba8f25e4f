import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { findForeign, FOREIGN_PROGRAMS, type ForeignProgram } from "./needs.ts";

const STRACE = FOREIGN_PROGRAMS.find(({ name }) => name === "strace");

Deno.test("findForeign() takes what setup has brought before what is on the PATH, and no folder of that name", () => {
  const folder = Deno.makeTempDirSync();
  ok(STRACE !== undefined);
  const program: ForeignProgram = STRACE;
  const brought = join(folder, "caches", "smelt-test-programs", program.file);
  const system = join(folder, "system");
  const variables = new Map([
    ["XDG_CACHE_HOME", join(folder, "caches")],
    ["PATH", `${join(folder, "nothing")}:${system}`],
  ]);
  const find = (wanted: ForeignProgram) => findForeign(wanted, (name) => variables.get(name));
  strictEqual(find(program), undefined);
  Deno.mkdirSync(join(system, "strace"), { recursive: true });
  strictEqual(find(program), undefined);
  Deno.removeSync(join(system, "strace"));
  Deno.writeTextFileSync(join(system, "strace"), "");
  strictEqual(find(program), join(system, "strace"));
  strictEqual(find({ ...program, isOnPath: false }), undefined);
  Deno.mkdirSync(join(brought, ".."), { recursive: true });
  Deno.writeTextFileSync(brought, "");
  strictEqual(find(program), brought);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("every foreign program says in one line what it is for, and no two have one name", () => {
  strictEqual(new Set(FOREIGN_PROGRAMS.map(({ name }) => name)).size, FOREIGN_PROGRAMS.length);
  for (const { use } of FOREIGN_PROGRAMS) ok(/^[a-z]+s /.test(use), use);
});
