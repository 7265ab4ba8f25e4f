import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { COMMANDS } from "./command_table.ts";
import { completionScript, SHELLS } from "./completion_script.ts";

/** What bash offers after `words`, the last of which is being typed; `undefined` where there is no bash. */
async function completed(words: readonly string[]): Promise<readonly string[] | undefined> {
  const script = [
    completionScript("bash", COMMANDS),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})`,
    `COMP_CWORD=${words.length - 1}`,
    "_smelt",
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  const output = await runBash(["-c", script]);
  if (output === undefined) return undefined;
  strictEqual(output.code, 0, output.stderr);
  return output.stdout.split("\n").filter((each) => each !== "");
}

async function runBash(args: readonly string[]) {
  try {
    const { code, stdout, stderr } = await new Deno.Command("bash", { args: [...args] }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("the script for bash is one that bash accepts", async () => {
  const output = await runBash(["-n", "-c", completionScript("bash", COMMANDS)]);
  if (output === undefined) return;
  deepStrictEqual([output.code, output.stderr], [0, ""]);
});

for (
  const [words, wanted] of [
    [["smelt", "pl"], ["plan"]],
    [["smelt", "state", ""], ["ls", "rm", "mv", "export"]],
    [["smelt", "audit", "v"], ["verify"]],
    [["smelt", "plan", "--de"], ["--destroy", "--detailed-exitcode"]],
    [["smelt", "plan", "dev", "--js"], ["--json"]],
    [["smelt", "apply", "--parallelism", "4", "dev", "--y"], ["--yes"]],
    [["smelt", "completions", ""], ["bash", "zsh", "fish", "--help"]],
    [["smelt", "explain", "net.main", "--for", ""], ["destroy", "replace", "update"]],
    [["smelt", "explain", "--for", "re"], ["replace"]],
    [["smelt", "explain", "des"], []],
    [["smelt", "--v"], ["--version"]],
    [["smelt", "fmt", "a.sm"], []],
  ] as const
) {
  Deno.test(`bash completes ${words.join(" ")}`, async () => {
    const offered = await completed(words);
    if (offered !== undefined) deepStrictEqual(offered, wanted);
  });
}

Deno.test("each script names every command and option", () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS);
    for (const { path, options } of COMMANDS) {
      ok(script.includes(path.at(-1) ?? "?"), `${shell} ${path.join(" ")}`);
      const mark = shell === "fish" ? "-l " : "--";
      for (const { name } of options) ok(script.includes(`${mark}${name}`), `${shell} ${name}`);
    }
  }
});
