import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { fakeContext } from "../tests/support/fake_context.ts";
import { COMMANDS } from "./command_table.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { runProgram } from "./program.ts";

async function runWith(...args: readonly string[]) {
  const context = fakeContext("file");
  const code = await runProgram(context, args);
  doesNotMatch(context.err.text + context.out.text, /^\s+at .*:\d+:\d+/m);
  return { code, out: context.out.text, err: context.err.text, errLines: context.err.lines };
}

for (
  const [args, message, hint] of [
    [["plann"], 'Unknown command "plann"', 'Did you mean "plan"?'],
    [["stat", "ls"], 'Unknown command "stat"', 'Did you mean "state"?'],
    [["plann", "--help"], 'Unknown command "plann"', 'Did you mean "plan"?'],
    [["help", "plann"], 'Unknown command "plann"', 'Did you mean "plan"?'],
    [["plan", "--jsn"], 'Unknown option "--jsn"', 'Did you mean "--json"?'],
    [["plan", "-json"], 'Unknown option "-json"', 'Did you mean "--json"?'],
    [["apply", "-auto-approve"], 'Unknown option "-auto-approve"', 'Did you mean "--yes"?'],
    [["apply", "--auto-approve"], 'Unknown option "--auto-approve"', 'Did you mean "--yes"?'],
    [["state", "list"], 'Unknown command "list"', 'Did you mean "smelt state ls"?'],
    [["--nonsense"], 'Unknown option "--nonsense"', "--help tells more"],
    [["show"], 'Missing required argument "address"', "--help tells more"],
    [
      ["version", "x"],
      'Too many arguments for "version": expected 0 arguments but got 1',
      "--help tells more",
    ],
    [
      ["explain", "a.b", "--for", "destory"],
      'Cannot use "destory" for --for: expected one of destroy, replace, update',
      'Did you mean "destroy"?',
    ],
    [
      ["explain", "a.b", "--for", "it's"],
      'Cannot use "it\'s" for --for: expected one of destroy, replace, update',
      "--help tells more",
    ],
    [["apply", "--parallelism"], 'Option "--parallelism <n>" argument missing', "--help tells more"],
  ] as const
) {
  Deno.test(`smelt ${args.join(" ")} is a usage error that names what was meant`, async () => {
    const { code, out, errLines } = await runWith(...args);
    strictEqual(code, EXIT_CODES.usage);
    strictEqual(out, "");
    deepStrictEqual(errLines, [`error: ${message}`, `hint: ${hint}`]);
  });
}

for (const value of ["0", "-1", "1.5", "ten", "", "9999999999", "0x10", " 3"]) {
  Deno.test(`--parallelism ${JSON.stringify(value)} is a usage error`, async () => {
    const { code, err } = await runWith("apply", `--parallelism=${value}`);
    strictEqual(code, EXIT_CODES.usage);
    match(err, /expected a whole number, at least 1/);
  });
}

for (
  const [text, why] of [
    ["x".repeat(1001), "takes at most 1000 characters, found 1001"],
    ["one\ntwo", "takes no control characters, found U+000A"],
    ["\x1b[2J", "takes no control characters, found U+001B"],
    ["\x85", "takes no control characters, found U+0085"],
  ] as const
) {
  for (const command of ["apply", "recover"]) {
    Deno.test(`${command} --why: ${why}`, async () => {
      const { code, errLines } = await runWith(command, `--why=${text}`);
      strictEqual(code, EXIT_CODES.usage);
      deepStrictEqual(errLines, [`error: Option "--why <text>" ${why}`, "hint: --help tells more"]);
    });
  }
}

Deno.test("a usage error with --json is JSON on standard output", async () => {
  const { code, out, err } = await runWith("plan", "--jsn", "--json");
  strictEqual(code, EXIT_CODES.usage);
  strictEqual(err, "");
  deepStrictEqual(JSON.parse(out), {
    error: { kind: "Usage", message: 'Unknown option "--jsn"', hint: 'Did you mean "--json"?' },
    exit: { code: 64, kind: "usage" },
  });
});

Deno.test("what the user typed is inert in a usage error", async () => {
  const { err } = await runWith("plan\x1b[2J\u202e");
  doesNotMatch(err.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
});

Deno.test("smelt without a command, and a group without one, print help and are usage errors", async () => {
  const bare = await runWith();
  strictEqual(bare.code, EXIT_CODES.usage);
  match(bare.out, /^Usage: smelt /);
  const group = await runWith("state");
  strictEqual(group.code, EXIT_CODES.usage);
  match(group.err, /^Usage: smelt state /);
});

Deno.test("--version and version print the version", async () => {
  deepStrictEqual(await runWith("--version"), { code: 0, out: "smelt 0.0.0\n", err: "", errLines: [] });
  strictEqual((await runWith("version")).out, "smelt 0.0.0\n");
  strictEqual(JSON.parse((await runWith("version", "--json")).out).version, "0.0.0");
});

Deno.test("completions for a shell that is not known is a usage error", async () => {
  const { code, err } = await runWith("completions", "bahs");
  strictEqual(code, EXIT_CODES.usage);
  match(err, /No completions for the shell "bahs"\nhint: Did you mean "bash"\?/);
});

Deno.test("--help of each command lists its arguments and options, and help COMMAND is the same", async () => {
  for (const { path, args, options } of COMMANDS) {
    const { code, out } = await runWith(...path, "--help");
    strictEqual(code, 0);
    for (const { name } of args) ok(out.includes(`  ${name} `), `${path.join(" ")}: ${name}`);
    for (const { name } of options) ok(out.includes(`--${name}`), `${path.join(" ")}: ${name}`);
    strictEqual((await runWith("help", ...path)).out, out);
  }
});

Deno.test("the help of all commands", async (t) => {
  const texts = [(await runWith("--help")).out];
  for (const { path } of COMMANDS) texts.push((await runWith(...path, "--help")).out);
  await t.assertSnapshot(texts.join("\n"));
});
