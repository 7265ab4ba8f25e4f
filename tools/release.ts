/**
 * Says whether this tree can be released: a clean tree, one version everywhere with its part of the changelog, no
 * promise that is open, advisories that are not old, and all gates and tests. It publishes nothing and changes
 * nothing. Exits with 1 when something stands against it.
 */
import { releaseBreaches } from "./release_breaches.ts";
import { complain, say } from "./say.ts";

/** What is run after the quick checks, each with what its failure means. */
const CHECKS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["fresh advisories", ["run", "-q", "--no-prompt", "-R=.", "--allow-run", "tools/advisories.ts", "fresh"]],
  ["gates and tests", ["run", "-q", "--no-prompt", "-R=.", "-E=DENO_JOBS", "--allow-run", "tools/test.ts"]],
];

const PROMISES: readonly string[] = ["SECURITY.md", "docs/hostile-tests.md"];

if (import.meta.main) Deno.exit(checkRelease(new Date()));

function checkRelease(now: Date): number {
  const config: { readonly version: string } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const breaches = releaseBreaches({
    version: config.version,
    programText: Deno.readTextFileSync("project/version.ts"),
    changelog: Deno.readTextFileSync("CHANGELOG.md"),
    status: gitStatus(),
    promises: Object.fromEntries(PROMISES.map((path) => [path, Deno.readTextFileSync(path)])),
    day: now.toISOString().slice(0, 10),
  });
  for (const breach of breaches) complain(breach);
  const failed = CHECKS.filter(([, args]) => !passes(args)).map(([name]) => name);
  for (const name of failed) complain(`failed: ${name}`);
  const count = breaches.length + failed.length;
  say(
    count === 0
      ? `${config.version} can be released`
      : `${config.version} cannot be released: ${count} breaches`,
  );
  return count === 0 ? 0 : 1;
}

/** The checks speak for themselves. */
function passes(args: readonly string[]): boolean {
  const streams = { stdin: "null", stdout: "inherit", stderr: "inherit" } as const;
  return new Deno.Command(Deno.execPath(), { args: [...args], ...streams }).outputSync().success;
}

function gitStatus(): string {
  const { success, stdout } = new Deno.Command("git", { args: ["status", "--porcelain"] }).outputSync();
  if (!success) throw new Error("Cannot ask git for the state of the tree");
  return new TextDecoder().decode(stdout);
}
