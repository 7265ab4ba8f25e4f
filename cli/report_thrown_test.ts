import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { reportThrown } from "./report_thrown.ts";

Deno.test("reportThrown() ends with 6 for damage, and says where", () => {
  const context = fakeContext("file");
  const damage = new IntegrityError("signature", "default:3", "Record 3 does not verify");
  strictEqual(reportThrown(context, damage, ["plan"]), 6);
  match(context.err.text, /error: .*Record 3 does not verify/);
  match(context.err.text, /default:3/);
  doesNotMatch(context.err.text, /^\s+at /m);
  const scripted = fakeContext("file");
  strictEqual(reportThrown(scripted, damage, ["plan", "--json"]), 6);
  const parsed = JSON.parse(scripted.out.text);
  strictEqual(parsed.error.kind, "Integrity/signature");
  deepStrictEqual(parsed.exit, { code: 6, kind: "integrity" });
});

Deno.test("reportThrown() says what a run left that damage cut short, and not that nothing was changed", () => {
  const cut = { run: "0123456789abcdef", deposed: [{ address: "net.z", id: "net-1" }], inDoubt: ["net.y"] };
  const damage = new IntegrityError("blob", "blob x", "Cannot open the secret", { cut });
  const context = fakeContext("file");
  strictEqual(reportThrown(context, damage, ["apply"]), 6);
  doesNotMatch(context.err.text, /nothing was changed/);
  match(context.err.text, /the run 01234567 had begun to change things when it met this, and was cut short/);
  match(context.err.text, /still there: net\.z "net-1", which was replaced/);
  match(context.err.text, /in doubt: net\.y/);
  const scripted = fakeContext("file");
  reportThrown(scripted, damage, ["apply", "--json"]);
  deepStrictEqual(JSON.parse(scripted.out.text).error.cut, {
    run: cut.run,
    deposed: cut.deposed,
    in_doubt: ["net.y"],
  });
});

Deno.test("reportThrown() shows a broken world by its message alone", () => {
  const context = fakeContext("file");
  const broken = new Error("Cannot write the log", { cause: new Error("disk full\x1b[2J") });
  strictEqual(reportThrown(context, broken, []), 1);
  deepStrictEqual(context.err.lines, ["error: Cannot write the log: disk full\\u{1b}[2J"]);
});

Deno.test("reportThrown() begins with the action where the system refuses a file", () => {
  const context = fakeContext("file");
  const refused = new Deno.errors.PermissionDenied(
    "Permission denied (os error 13): open '/p/.smelt/log/x.log'",
  );
  strictEqual(reportThrown(context, refused, []), 1);
  deepStrictEqual(context.err.lines, ['error: Cannot open "/p/.smelt/log/x.log": permission denied']);
});

Deno.test("reportThrown() says in words what the runtime could not do", async () => {
  const context = fakeContext("file");
  const thrown = await Deno.readFile(import.meta.dirname ?? ".").catch((error) => error);
  strictEqual(reportThrown(context, thrown, []), 1);
  match(context.err.text, /^error: Cannot read ".*cli": is a directory$/m);
});

Deno.test("reportThrown() asks to report a bug", () => {
  const context = fakeContext("file");
  strictEqual(reportThrown(context, new InvariantError("two twice"), []), 1);
  match(context.err.text, /This is a bug of smelt: two twice/);
});
