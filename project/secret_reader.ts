import { unreachable } from "../engine/invariant.ts";
import { Unknown } from "../engine/value.ts";
import type { ReadSecret, SecretSource, WantedSecret } from "../lang/secret_source.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { DropOf } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ReadVariable } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openCiphertext } from "./secret_ciphertext.ts";
import { programPath, runSecretCommand } from "./secret_command.ts";
import { readSecretFile } from "./secret_file.ts";
import type { SecretRead } from "./secret_read.ts";

/** What secrets are read with. */
export interface SecretParts {
  readonly ports: Pick<ProjectPorts, "clock" | "hasPermission" | "isOwnFile">;
  /** The root of the project. */
  readonly root: string;
  readonly environment: string;
  readonly readVariable: ReadVariable;
  readonly vault: Pick<Vault, "openSource">;
  readonly dropOf: DropOf;
}

/**
 * Reads the secrets that do not stand in the files in clear. Expansion asks, and is told that nothing is known yet; then all that
 * was asked for is read at once, and expansion is done again. So nothing is read that no resource of this environment wants.
 */
export class SecretReader {
  readonly #parts: SecretParts;
  readonly #wanted = new Map<string, WantedSecret>();
  readonly #known = new Map<string, Exclude<SecretRead, { readonly kind: "failed" }>>();

  constructor(parts: SecretParts) {
    this.#parts = parts;
  }

  /** Whether something was asked for that has not been read. */
  get isAsked(): boolean {
    return this.#wanted.size > this.#known.size;
  }

  /** What was read, by what it is called: for digests of what a plan rests on. Ciphertexts are in the files themselves. */
  get texts(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const [key, { source, origin }] of this.#wanted) {
      const known = this.#known.get(key);
      const name = nameOf(source, origin);
      if (known?.kind === "text" && name !== undefined) texts.set(name, known.text);
    }
    return texts;
  }

  readonly read: ReadSecret = (wanted) => {
    const key = keyOf(wanted.source);
    const known = this.#known.get(key);
    if (known?.kind === "text") {
      return known.warning === undefined ? known.text : { text: known.text, warning: known.warning };
    }
    if (known !== undefined) return { fault: known.fault };
    if (!this.#wanted.has(key)) this.#wanted.set(key, wanted);
    return new Unknown("a secret that has not been read");
  };

  /** Reads what was asked for; the failure when something keeps all of it from being read. */
  async fetch(): Promise<ProjectFailure | undefined> {
    const permission = await this.#missingPermission();
    if (permission !== undefined) return permission;
    for (const [key, wanted] of this.#wanted) {
      if (this.#known.has(key)) continue;
      const read = await this.#readOne(wanted);
      if (read.kind === "failed") return read.failure;
      this.#known.set(key, read);
    }
    return undefined;
  }

  /** All that lacks is told at once, before anything is read or run. */
  async #missingPermission(): Promise<ProjectFailure | undefined> {
    const missing = new Map<string, string>();
    for (const { source, origin } of this.#wanted.values()) {
      const need = needOf(this.#parts.root, source);
      if (need === undefined || await this.#parts.ports.hasPermission(need)) continue;
      missing.set(`--allow-${need.kind}=${need.target}`, origin);
    }
    if (missing.size === 0) return undefined;
    const flags = [...missing.keys()].join(" ");
    return {
      kind: "Permission",
      message: "The runtime does not allow what secrets in the files need: nothing was read",
      details: [...missing].map(([flag, origin]) => `${origin} needs ${flag}`),
      hint: `Start with: SMELT_FLAGS="${flags}" ./smelt plan`,
    };
  }

  async #readOne(wanted: WantedSecret): Promise<SecretRead> {
    const { source } = wanted;
    const { ports, root, readVariable } = this.#parts;
    switch (source.kind) {
      case "env":
        return readSecretVariable(readVariable, source.name);
      case "file":
        return await readSecretFile(ports, root, source.path);
      case "command":
        return await runSecretCommand(ports.clock, root, source);
      case "ciphertext":
        return await openCiphertext(this.#parts, { ...wanted, source });
      default:
        return unreachable(source);
    }
  }
}

function readSecretVariable(readVariable: ReadVariable, name: string): SecretRead {
  const text = readVariable(name);
  if (text !== undefined && text !== "") return { kind: "text", text };
  const found = text === undefined ? "it is not set" : "it is empty";
  return { kind: "fault", fault: { message: `Set the environment variable "${name}": ${found}` } };
}

function needOf(
  root: string,
  source: SecretSource,
): { readonly kind: string; readonly target: string } | undefined {
  if (source.kind === "command") return { kind: "run", target: programPath(root, source.program) };
  // What lies in the project may be read already, or the project could not.
  return source.kind === "file" && source.path.startsWith("/")
    ? { kind: "read", target: source.path }
    : undefined;
}

function keyOf(source: SecretSource): string {
  return JSON.stringify(source, Object.keys(source).sort());
}

/** Variables are noted by who reads them. Arguments of commands are not told: anything may stand in them. */
function nameOf(source: SecretSource, origin: string): string | undefined {
  if (source.kind === "file") return `the secret file "${source.path}"`;
  return source.kind === "command" ? `the output of "${source.program}" for ${origin}` : undefined;
}
