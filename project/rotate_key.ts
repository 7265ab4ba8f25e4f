/**
 * A new key in the place of the one that signs here, in every environment of the project that trusts it.
 *
 *   K1. The new key is made, and then trusted everywhere, signed by the old one: until then the old one signs on.
 *   K2. The files are exchanged in one step: from then on the new key signs.
 *   K3. The old key is revoked everywhere, signed by the new one.
 *   K4. After each step both what was and what follows can be signed; the same command again does what is left.
 */
import type { TrustedKey } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ApplyListener } from "./apply_project.ts";
import { appendTrust } from "./change_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeyFolder, PublicKey } from "./key_folder.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { surveyRotation, type Trusting } from "./rotate_key_survey.ts";
import { parseKmsReference } from "./smelt_toml_keys.ts";
import { openConfigured, type Workspace } from "./workspace.ts";

/** What a rotation is asked for. */
export interface RotateRequest {
  readonly why: string | undefined;
}

/** Who is asked and told. */
export interface RotateListener
  extends Pick<ApplyListener, "repaired" | "noticed" | "progress" | "interrupts"> {
  /** `false` leaves everything as it is. */
  approve(rotation: RotationSummary): Promise<boolean>;
}

/** What a rotation comes to. */
export interface RotationSummary {
  /** The file's name without `.key`. */
  readonly name: string;
  readonly environments: readonly string[];
  /** Those of them in which a change takes their name. */
  readonly protectedEnvironments: readonly string[];
  /** `finish`: an earlier one was cut short after the new key had come into use. */
  readonly stage: "start" | "finish";
}

/** How it ended. */
export type RotatedKey =
  | { readonly kind: "declined" }
  | {
    readonly kind: "rotated";
    readonly summary: RotationSummary;
    readonly key: PublicKey;
    /** The old keys, by id, and the names of their files now. */
    readonly retired: ReadonlyMap<string, string>;
  };

/** Puts a new key in the place of the one that signs here. */
export async function rotateKey(
  ports: ProjectPorts,
  request: RotateRequest,
  listener: RotateListener,
): Promise<Result<RotatedKey, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const folder = await ports.keyFolder(workspace.value.paths);
  const name = ownFile(folder, workspace.value);
  if (!name.ok) return name;
  const own = await folder.document(name.value);
  if (!own.ok) return own;
  const keys = { ownId: own.value.id, retired: await folder.retired(name.value) };
  const found = await surveyRotation(ports, workspace.value, keys);
  if (!found.ok) return found;
  return await new Rotation(ports, request, listener, folder).carryOut(name.value, own.value, found.value);
}

/** One call of the command. */
class Rotation {
  readonly #ports: ProjectPorts;
  readonly #request: RotateRequest;
  readonly #listener: RotateListener;
  readonly #folder: KeyFolder;

  constructor(ports: ProjectPorts, request: RotateRequest, listener: RotateListener, folder: KeyFolder) {
    this.#ports = ports;
    this.#request = request;
    this.#listener = listener;
    this.#folder = folder;
  }

  async carryOut(
    name: string,
    own: PublicKey,
    environments: readonly Trusting[],
  ): Promise<Result<RotatedKey, ProjectFailure>> {
    if (environments.length === 0) return err(trustedNowhere(name, own));
    const stage = environments.some(({ before }) => before.length > 0) ? "finish" : "start";
    const summary = summaryOf(name, stage, environments);
    if (!await this.#listener.approve(summary)) return ok({ kind: "declined" });
    const key = stage === "start" ? await this.#start(name, own.id, environments) : ok(own);
    if (!key.ok) return key;
    const old = stage === "start" ? [own.id] : environments.flatMap(({ before }) => before);
    for (const each of environments) {
      const revoked = await this.#revoke(each.name, old);
      if (!revoked.ok) return revoked;
    }
    const retired = [...await this.#folder.retired(name)].filter(([id]) => old.includes(id));
    return ok({ kind: "rotated", summary, key: key.value, retired: new Map(retired) });
  }

  /** Makes the new key, has it trusted everywhere, and takes it into use. */
  async #start(
    name: string,
    oldId: string,
    environments: readonly Trusting[],
  ): Promise<Result<PublicKey, ProjectFailure>> {
    const next = await this.#folder.successor(name);
    if (!next.ok) return next;
    for (const each of environments) {
      // The log's own name of it: people know the key by that.
      const key = { ...next.value, name: each.own.name, roles: each.own.roles };
      const trusted = await this.#trust(each.name, key);
      if (!trusted.ok) return trusted;
    }
    await this.#folder.succeed(name, oldId);
    return next;
  }

  async #trust(environment: string, key: TrustedKey): Promise<Result<void, ProjectFailure>> {
    return await this.#within(environment, async (opened) => {
      const known = opened.environment.journal.state.keys.get(key.id);
      if (known !== undefined) {
        return known.isRevoked ? err(successorRevoked(environment, key)) : ok(undefined);
      }
      return await this.#append(opened, [{ type: "KeyTrusted", key }]);
    });
  }

  async #revoke(environment: string, ids: readonly string[]): Promise<Result<void, ProjectFailure>> {
    return await this.#within(environment, async (opened) => {
      const { keys } = opened.environment.journal.state;
      const left = ids.filter((id) => keys.get(id)?.isRevoked === false);
      if (left.length === 0) return ok(undefined);
      const reason = "rotated";
      return await this.#append(opened, left.map((keyId) => ({ type: "KeyRevoked", keyId, reason })));
    });
  }

  async #append(
    opened: ReadEnvironment,
    events: Parameters<typeof appendTrust>[3],
  ): Promise<Result<void, ProjectFailure>> {
    const about = { command: "keys rotate", why: this.#request.why, listener: this.#listener };
    const run = await appendTrust(this.#ports, opened, about, events);
    return run.ok ? ok(undefined) : run;
  }

  async #within(
    environment: string,
    work: (opened: ReadEnvironment) => Promise<Result<void, ProjectFailure>>,
  ): Promise<Result<void, ProjectFailure>> {
    return await withEnvironment(this.#ports, {
      environment,
      purpose: "write",
      role: "admin",
      policy: "lowered",
      tell: (notice) => this.#listener.noticed(notice),
    }, work);
  }
}

function summaryOf(
  name: string,
  stage: RotationSummary["stage"],
  environments: readonly Trusting[],
): RotationSummary {
  return {
    name,
    stage,
    environments: environments.map((each) => each.name),
    protectedEnvironments: environments.filter((each) => each.isProtected).map((each) => each.name),
  };
}

/** The key in a file that signs in any environment; a failure where KMS holds those of all. */
function ownFile(folder: KeyFolder, { config }: Workspace): Result<string, ProjectFailure> {
  const signing = [...config.environments.values()].map(({ keys }) => keys.signing);
  const inFile = signing.length === 0 || signing.includes(undefined);
  const own = folder.ownName(inFile ? undefined : signing[0]);
  return own.ok && parseKmsReference(own.value) !== undefined ? err(notOnThisMachine(own.value)) : own;
}

function notOnThisMachine(key: string): ProjectFailure {
  return {
    kind: "Keys",
    message: `Cannot rotate the key "${key}": AWS KMS holds it`,
    hint:
      "smelt keys export kms:OTHER and smelt keys add put another in its place, which smelt.toml or SMELT_KEY names then",
  };
}

function trustedNowhere(name: string, { id }: PublicKey): ProjectFailure {
  return {
    kind: "NotFound",
    message: `Cannot rotate the key "${name}" (${id.slice(0, 8)}): no log on this machine trusts it`,
    hint: "smelt keys list tells which keys an environment trusts",
  };
}

function successorRevoked(environment: string, { id, name }: TrustedKey): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `The key "${name}" (${
      id.slice(0, 8)
    }), made by a rotation that was cut short, was revoked in "${environment}"`,
    hint: "Remove its file, which ends in .next.key, from .smelt/keys/ and rotate again",
  };
}
