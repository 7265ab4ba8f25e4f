/** The rules S6 to S8 of tools/supply.ts, as functions of the text of `deno.json`. */
import { BANNED_FLAGS } from "./supply_policy.ts";

interface Config {
  readonly nodeModulesDir?: unknown;
  readonly lock?: { readonly frozen?: unknown };
  readonly permissions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tasks?: Readonly<Record<string, { readonly command?: string } | string>>;
}

/** Parts of a configuration that lead imports elsewhere, or let packages run something. */
const BANNED_PARTS: readonly string[] = ["allowScripts", "importMap", "links", "patch", "scopes", "vendor"];
/** Permissions that only tests may hold. */
const TEST_SET = "test";
const NEVER: readonly string[] = ["all", "ffi", "import"];
const NOT_OF_THE_PROGRAM: readonly string[] = ["read", "run", "write"];
const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/** What lets smelt itself run whatever it likes; programs are named: `--allow-run=git`. */
const ANY_PROGRAM = /--allow-run(?!=)/;

/** Names each breach of S6 to S8. */
export function configBreaches(text: string): readonly string[] {
  const config: Config = JSON.parse(text);
  return [
    ...(config.lock?.frozen === true ? [] : ["deno.json: lock.frozen is not true"]),
    ...(config.nodeModulesDir === "none" ? [] : ['deno.json: nodeModulesDir is not "none"']),
    ...BANNED_PARTS.filter((part) => part in config).map((part) => `deno.json holds "${part}"`),
    ...Object.entries(config.permissions ?? {}).flatMap(([name, set]) => permissionBreaches(name, set)),
    ...Object.entries(config.tasks ?? {}).flatMap(([name, task]) => taskBreaches(name, task)),
  ];
}

function permissionBreaches(set: string, granted: Readonly<Record<string, unknown>>): readonly string[] {
  const banned = set === TEST_SET ? NEVER : [...NEVER, ...NOT_OF_THE_PROGRAM];
  const hosts = granted["net"];
  const isLoopback = hosts === undefined ||
    Array.isArray(hosts) && hosts.every((host: unknown) => LOOPBACK.includes(String(host)));
  return [
    ...banned.filter((name) => name in granted && granted[name] !== false)
      .map((name) => `deno.json: the permission set "${set}" holds "${name}"`),
    ...(isLoopback ? [] : [`deno.json: the permission set "${set}" opens more of the network than loopback`]),
  ];
}

function taskBreaches(name: string, task: { readonly command?: string } | string): readonly string[] {
  const command = typeof task === "string" ? task : task.command ?? "";
  const flags = command.includes("cli.ts") ? [...BANNED_FLAGS, ANY_PROGRAM] : BANNED_FLAGS;
  return flags.flatMap((flag) => {
    const found = flag.exec(command)?.[0].trim();
    return found === undefined ? [] : [`deno.json: the task "${name}" holds ${found}`];
  });
}
