import { canonicalJson } from "../engine/canonical_json.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { SourceText } from "../lang/source_text.ts";
import { CONFIG_FILE_NAME, type ReadVariable } from "./project_paths.ts";
import type { Workspace } from "./workspace.ts";

/** What a plan was made of beside the log and the world. */
export interface PlanBasis {
  readonly workspace: Workspace;
  /** The files by name, `smelt.toml` among them. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The environment variables that the files read, by name; `undefined` where one was not set. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** The secrets that were taken from files and programs, by what each is called. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Reads variables and notes which, and what they were. */
export class VariableRecorder {
  readonly seen = new Map<string, string | undefined>();
  readonly read: ReadVariable;

  constructor(read: ReadVariable) {
    this.read = (name) => {
      const value = read(name);
      this.seen.set(name, value);
      return value;
    };
  }
}

/** By what a thing is called, a digest of what it was: `the file "a.smelt"`, `the environment variable "HOME"`. */
export type BasisDigests = Readonly<Record<string, string>>;

/**
 * Digests of all that a plan of `environment` was made of. They are keyed, so that nothing can be guessed from them: files and
 * variables may hold passwords.
 */
export async function basisDigests(
  vault: Vault,
  environment: string,
  { workspace, sources, variables, secrets }: PlanBasis,
): Promise<BasisDigests> {
  const digests: [string, string][] = [];
  const settings = workspace.config.environments.get(environment);
  const layers = (settings?.layers ?? []).map((each) => each.name);
  const texts: [string, string][] = [
    [
      `the configuration of "${environment}" in ${CONFIG_FILE_NAME}`,
      canonicalJson({ layers, variables: Object.fromEntries(settings?.variables ?? []) }),
    ],
    ...[...sources].filter(([name]) => name !== CONFIG_FILE_NAME)
      .map(([name, source]): [string, string] => [`the file "${name}"`, source.text]),
    ...[...variables].map(([name, value]): [string, string] => [
      `the environment variable "${name}"`,
      value === undefined ? "" : `=${value}`,
    ]),
    ...secrets,
  ];
  for (const [name, text] of texts) digests.push([name, await vault.fingerprint(`${name}\n${text}`)]);
  return Object.fromEntries(digests);
}

/** What is another than it was, or was not there, or is there no more. */
export function changedBasis(before: BasisDigests, now: BasisDigests): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}
