import { deepStrictEqual, ok } from "node:assert/strict";
import { fakeContext } from "../tests/support/fake_context.ts";
import { COMMAND_PERMISSIONS, permissionsOf } from "./command_permissions.ts";
import { COMMANDS } from "./command_table.ts";
import { runProgram } from "./program.ts";

const PATHS = COMMANDS.map(({ path }) => path);
/**
 * Keeps the kinds that it is called with, tries everything, and prints what it still could do. Only a refusal of the runtime
 * counts as one: a library or a host that is not there was looked for.
 */
const PROBE = `
import { keepPermissions } from "${new URL("./keep_permissions.ts", import.meta.url)}";
const attempts = {
  env: () => Deno.env.get("HOME"),
  ffi: () => Deno.dlopen("none.so", {}),
  import: () => import(["https:", "//deno.land/x/none.ts"].join("")),
  net: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  read: () => Deno.readTextFileSync("deno.json"),
  run: () => new Deno.Command("true").outputSync(),
  sys: () => Deno.hostname(),
  write: () => Deno.removeSync(Deno.makeTempDirSync({ dir: "/tmp" })),
};
keepPermissions(Deno.args);
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    console.log(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable) && !/Requires \\w+ access/.test(error.message)) console.log(name);
  }
}
`;

Deno.test("every command has its row of permissions, and every row its command", () => {
  deepStrictEqual(
    Object.keys(COMMAND_PERMISSIONS).toSorted(),
    PATHS.map((path) => path.join(" ")).toSorted(),
  );
});

Deno.test("a command without a row keeps nothing", () => {
  deepStrictEqual(permissionsOf(["no", "such"]), []);
});

Deno.test("only what resolves secrets of the files, lets a provider change something or asks for credentials of a registry may run programs, and nothing that only reads may write", () => {
  const keeping = (kind: "run" | "net" | "write") =>
    Object.entries(COMMAND_PERMISSIONS).filter(([, kept]) => kept.includes(kind)).map(([name]) => name);
  deepStrictEqual(keeping("run"), [
    "plan",
    "apply",
    "destroy",
    "drift",
    "drift accept",
    "drift revert",
    "rollback",
    "import resource",
    "recover",
    "resume",
    "image build",
    "image prune",
    "image resolve",
    "image apply",
    "image lock",
    "image push",
    "image verify",
  ]);
  // What signs, or opens a data key, may have to ask the key service that holds the key; what neither does has no network.
  deepStrictEqual(keeping("net").filter((name) => !keeping("run").includes(name)), [
    "init",
    "env policy",
    "env delete",
    "plan approve",
    "show",
    "outputs",
    "state rm",
    "state mv",
    "import discover",
    "import generate",
    "taint",
    "untaint",
    "protect",
    "unprotect",
    "unlock",
    "keys list",
    "keys create",
    "keys export",
    "keys add",
    "keys revoke",
    "keys rotate",
    "audit verify",
    "audit checkpoint",
    "audit proof",
    "audit attestation",
    "verify",
    "secrets init",
    "secrets status",
    "secrets encrypt",
    "secrets decrypt",
    "secrets rotate",
  ]);
  const reading = [
    "query",
    "history",
    "blame",
    "diff",
    "state ls",
    "runs",
    "audit verify",
    "validate",
  ];
  deepStrictEqual(keeping("write").filter((name) => reading.includes(name)), []);
});

for (const spec of COMMANDS) {
  Deno.test(`${spec.path.join(" ")} gives back what it does not need, before anything of it runs`, async () => {
    const args = spec.args.filter(({ arity }) => arity === "required").map(({ choices }) =>
      choices?.[0] ?? "net.a"
    );
    const context = fakeContext("file");
    // The fake world refuses whatever the command does then.
    await runProgram(context, [...spec.path, ...args]).catch(() => undefined);
    deepStrictEqual(context.kept, [permissionsOf(spec.path)]);
  });
}

/** What a process that holds everything can still do after it has kept only `kept`. */
async function possible(kept: readonly string[]): Promise<readonly string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "-q", "--no-check", PROBE, ...kept],
    stdin: "null",
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter((name) => name !== "");
}

Deno.test("what was given back is refused by the runtime, foreign code and imports for every command", async () => {
  const sets = new Map(Object.values(COMMAND_PERMISSIONS).map((kept) => [kept.join(), kept]));
  ok(sets.size > 6);
  for (const kept of sets.values()) deepStrictEqual(await possible(kept), kept);
});
