import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { fakeContext } from "../tests/support/fake_context.ts";
import { confirmRun, type Question, reportUnconfirmed } from "./confirm.ts";

const PLAIN: Question = {
  command: "apply",
  environment: "dev",
  isProtected: false,
  yes: "ask",
  confirmed: undefined,
};
const PROTECTED: Question = { ...PLAIN, environment: "prod", isProtected: true };
const NEVER = new AbortController().signal;

Deno.test("confirmRun() goes on for y, Y and yes only", async () => {
  for (
    const [typed, wanted] of [
      ["y", "go"],
      [" Y ", "go"],
      ["yes", "go"],
      ["", "declined"],
      ["n", "declined"],
      ["yess", "declined"],
      ["dev", "declined"],
    ] as const
  ) {
    const context = fakeContext("terminal", [typed]);
    strictEqual(await confirmRun(context, PLAIN, NEVER), wanted, typed);
    match(context.err.text, /^Apply these changes to dev\? \[y\/N\] /);
    strictEqual(context.out.text, "");
    strictEqual(context.readCount, 1);
  }
});

Deno.test("confirmRun() names what a destroy does", async () => {
  const context = fakeContext("terminal", ["n"]);
  await confirmRun(context, { ...PLAIN, command: "destroy" }, NEVER);
  strictEqual(context.err.text, "Delete these resources of dev? [y/N] Nothing was changed\n");
});

Deno.test("confirmRun() takes the end of input, and an interrupt, for a no", async () => {
  strictEqual(await confirmRun(fakeContext("terminal", []), PLAIN, NEVER), "declined");
  const stop = new AbortController();
  const answer = confirmRun(fakeContext("terminal", "never"), PROTECTED, stop.signal);
  stop.abort();
  strictEqual(await answer, "declined");
  strictEqual(await confirmRun(fakeContext("terminal", ["y"]), PLAIN, AbortSignal.abort()), "declined");
});

Deno.test("confirmRun() never reads where there is no terminal, and names --yes", async () => {
  const context = fakeContext("file", ["y"]);
  strictEqual(await confirmRun(context, PLAIN, NEVER), "nonInteractive");
  strictEqual(context.readCount, 0);
  deepStrictEqual(context.err.lines, [
    'error: Cannot ask whether to change "dev": there is no terminal',
    "hint: Give --yes to go on without the question",
  ]);
  strictEqual(reportUnconfirmed(context, "nonInteractive", "text"), 4);
});

Deno.test("confirmRun() does not ask on a standard error that nobody sees", async () => {
  const context = fakeContext("file", ["y"]);
  const answers = {
    isTerminal: true,
    readLine: () => Promise.resolve("y"),
    readHiddenLine: () => Promise.resolve(undefined),
  };
  strictEqual(await confirmRun({ ...context, answers }, PLAIN, NEVER), "nonInteractive");
});

Deno.test("confirmRun() asks nothing with --yes", async () => {
  const context = fakeContext("file");
  strictEqual(await confirmRun(context, { ...PLAIN, yes: "yes" }, NEVER), "go");
  strictEqual(context.err.text, "");
});

Deno.test("confirmRun() wants the name of a protected environment, typed or by --confirm", async () => {
  const asked = fakeContext("terminal", ["prod"]);
  strictEqual(await confirmRun(asked, PROTECTED, NEVER), "go");
  match(asked.err.text, /Type the name of the environment to go on: $/);
  strictEqual(await confirmRun(fakeContext("terminal", ["y"]), PROTECTED, NEVER), "wrongName");
  strictEqual(await confirmRun(fakeContext("terminal", [""]), PROTECTED, NEVER), "declined");
  const named = { ...PROTECTED, yes: "yes", confirmed: "prod" } as const;
  strictEqual(await confirmRun(fakeContext("file"), named, NEVER), "go");
});

Deno.test("confirmRun() says that --yes alone is not enough for a protected environment", async () => {
  const question = { ...PROTECTED, yes: "yes" } as const;
  const asked = fakeContext("terminal", ["prod"]);
  strictEqual(await confirmRun(asked, question, NEVER), "go");
  match(asked.err.text, /--yes alone is not enough/);
  const alone = fakeContext("file");
  strictEqual(await confirmRun(alone, question, NEVER), "nonInteractive");
  match(alone.err.text, /Give --yes and --confirm prod; --yes alone is not enough/);
});

Deno.test("confirmRun() still asks when --confirm names a protected environment without --yes", async () => {
  const question = { ...PROTECTED, confirmed: "prod" };
  strictEqual(await confirmRun(fakeContext("terminal", ["n"]), question, NEVER), "declined");
  const alone = fakeContext("file");
  strictEqual(await confirmRun(alone, question, NEVER), "nonInteractive");
  match(alone.err.text, /both --yes and --confirm prod/);
});

Deno.test("confirmRun() refuses a --confirm that names another environment, protected or not", async () => {
  for (const question of [PLAIN, PROTECTED]) {
    const context = fakeContext("terminal", ["y"]);
    const answer = await confirmRun(context, { ...question, yes: "yes", confirmed: "staging" }, NEVER);
    strictEqual(answer, "wrongName");
    match(context.err.text, /--confirm names "staging", the environment is/);
    strictEqual(context.readCount, 0);
  }
});

Deno.test("confirmRun() shows what was typed inert", async () => {
  const context = fakeContext("terminal", ["\x1b[2J"]);
  strictEqual(await confirmRun(context, PROTECTED, NEVER), "wrongName");
  doesNotMatch(context.err.text, new RegExp("\x1b"));
});

Deno.test("reportUnconfirmed() gives the exit code as JSON too", () => {
  const context = fakeContext("file");
  strictEqual(reportUnconfirmed(context, "declined", "json"), 3);
  strictEqual(reportUnconfirmed(fakeContext("file"), "wrongName", "json"), 3);
  deepStrictEqual(JSON.parse(context.out.text), { exit: { code: 3, kind: "declined" } });
});
