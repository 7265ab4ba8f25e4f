import { ACCEPTED_ADVISORIES } from "./supply_policy.ts";

/** What `deno audit` says of a lock file. `silent` means that nobody answered, which says nothing about the packages. */
export type Audit =
  | { readonly kind: "clean" }
  | { readonly kind: "affected"; readonly text: string }
  | { readonly kind: "silent" };

/**
 * Asks the registry that Deno is configured for, in the folder of a `deno.lock`. Deno 2.9.6 ends with 1 both for an advisory,
 * told on standard output, and for a registry that it cannot reach or understand, told on standard error alone.
 * `environment` is added to that of this process.
 */
export async function auditOf(
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Audit> {
  const ignored = ACCEPTED_ADVISORIES.map(({ id }) => `--ignore=${id}`);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["audit", ...ignored],
    cwd: folder,
    env: { NO_COLOR: "1", ...environment },
    stdin: "null",
    signal,
  });
  const { success, stdout } = await command.output();
  const text = new TextDecoder().decode(stdout).trim();
  if (success) return text === "" ? { kind: "silent" } : { kind: "clean" };
  return text === "" ? { kind: "silent" } : { kind: "affected", text };
}
