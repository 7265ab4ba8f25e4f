import { join } from "node:path";
import type { EnvironmentFacts } from "../engine/environment.ts";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import { scrubEvent } from "../engine/scrub_event.ts";
import { invariant, InvariantError } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notice } from "../project/notice.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { OpenEnvironment, WantedEnvironment } from "../project/project_ports.ts";
import { continueJournal } from "../store/journal.ts";
import type { Journal } from "../store/journal_port.ts";
import type { Repair } from "../store/log_backend.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";
import { planStatement } from "../trust/statement.ts";
import type { Vault } from "../trust/vault_port.ts";
import { lockedVault, openEnvironmentVault } from "./environment_keys.ts";
import { logNotary } from "./log_notary.ts";
import {
  type LoadedLog,
  loadEnvironmentLog,
  type LogParts,
  openLogFolder,
  readWholeLog,
} from "./log_parts.ts";
import { keyRefusal, loadOwnKey } from "./own_key.ts";
import type { Outside } from "./outside.ts";
import { readOnlyJournal } from "./read_only_journal.ts";
import { fileRunLocks } from "../actors/run_lock.ts";
import { openSecretStore } from "./secret_store.ts";
import { requireLog } from "./require_log.ts";
import { scrubbedJournal } from "./scrubbed_journal.ts";
import { requirePinnable } from "./user_pin.ts";
import { type DocumentKind, openDocument, signDocument } from "./signed_document.ts";
import { openUnsaved, saveUnsaved } from "./unsaved_file.ts";

/** Reads and verifies the log of an environment, and opens what its use needs. */
export async function openEnvironment(
  outside: Outside,
  paths: ProjectPaths,
  wanted: WantedEnvironment,
): Promise<Result<OpenEnvironment, ProjectFailure>> {
  const parts = await openLogFolder(outside, paths);
  const found = await requireLog(parts, paths, wanted);
  if (!found.ok) return found;
  const opening: Opening = { outside, paths, wanted, parts };
  return wanted.purpose === "write" ? await openToWrite(opening) : await openToRead(opening);
}

const PLAN_DOCUMENT: DocumentKind = {
  name: "the plan",
  advice: "plan again",
  statement: planStatement,
};

interface Opening {
  readonly outside: Outside;
  readonly paths: ProjectPaths;
  readonly wanted: WantedEnvironment;
  readonly parts: LogParts;
}

async function openToRead(opening: Opening): Promise<Result<OpenEnvironment, ProjectFailure>> {
  const { parts, wanted } = opening;
  const seen = voidCounter();
  const loaded = await loadEnvironmentLog(parts, wanted, seen.see);
  const { fold } = loaded;
  const vault = await vaultOf(opening, { stream: fold.stream, facts: () => fold.environment.facts });
  if (!vault.ok && wanted.purpose === "plan") return vault;
  const journal = readOnlyJournal(fold);
  if (vault.ok) opening.outside.stored.add(vault.value, journal.state);
  return ok(opened(opening, { journal, loaded }, {
    vault: vault.ok ? vault.value : lockedVault(vault.error.message),
    voidCount: seen.count(),
    repairs: [],
    saveUnsaved: () => Promise.reject(new InvariantError("What only reads has no outcomes")),
    signPlan: () => Promise.reject(new InvariantError("What only reads signs nothing")),
    key: undefined,
    close: () => wanted.purpose === "plan" ? loaded.remember() : Promise.resolve(undefined),
  }));
}

async function openToWrite(opening: Opening): Promise<Result<OpenEnvironment, ProjectFailure>> {
  const { parts, paths, wanted, outside } = opening;
  const key = await loadOwnKey(parts.checks.hash, outside.readVariable, paths);
  if (!key.ok) return key;
  const { role = "apply" } = wanted;
  const seen = voidCounter();
  const repairs: Repair[] = [];
  const observer = { onRecord: seen.see, onRepair: (repair: Repair) => void repairs.push(repair) };
  const { clock } = outside;
  const loaded = await loadEnvironmentLog(parts, wanted, seen.see);
  const { keys } = loaded.fold.environment;
  const refusal = keyRefusal(key.value, { environment: wanted.name, keys, role, lost: loaded.lost });
  if (refusal !== undefined) return err(refusal);
  const pinnable = parts.pinned === undefined
    ? ok(undefined)
    : await requirePinnable(parts.pinned, wanted.firstRecord);
  if (!pinnable.ok) return pinnable;
  const journal = await continueJournal({ ...parts, signer: key.value.signer, clock, observer }, loaded.fold);
  const vault = await vaultOf(opening, { stream: journal.stream, facts: () => journal.state.facts });
  if (!vault.ok && role === "apply") return vault;
  const { secrets, stored } = outside;
  if (vault.ok) stored.add(vault.value, journal.state);
  const scrubbed = (events: readonly Event[]) => events.map((event) => scrubEvent(secrets, event));
  return ok(opened(opening, { journal: scrubbedJournal(journal, secrets), loaded }, {
    vault: vault.ok ? vault.value : lockedVault(vault.error.message),
    voidCount: seen.count(),
    repairs,
    saveUnsaved: (run: string, outcomes: readonly Event[]) =>
      saveUnsaved(join(paths.unsavedFolder, `${run}.json`), scrubbed(outcomes), {
        stream: journal.stream,
        hash: parts.checks.hash,
        signer: key.value.signer,
        clock,
      }),
    signPlan: (body) =>
      signDocument(PLAN_DOCUMENT, body, {
        stream: journal.stream,
        hash: parts.checks.hash,
        signer: key.value.signer,
      }),
    key: key.value,
    close: async () => {
      journal.close(new Error("The journal is closed"));
      return await loaded.remember();
    },
  }));
}

function opened(
  { outside, paths, parts, wanted }: Opening,
  { journal, loaded }: { readonly journal: Journal; readonly loaded: LoadedLog },
  { key, ...rest }: {
    readonly key: SigningKey | undefined;
    readonly vault: Vault;
    readonly voidCount: number;
    readonly repairs: readonly Repair[];
    saveUnsaved(run: string, outcomes: readonly Event[]): Promise<string>;
    signPlan(body: JsonObject): Promise<Uint8Array<ArrayBuffer>>;
    close(): Promise<Notice | undefined>;
  },
): OpenEnvironment {
  return {
    journal,
    noteSecrets: () => outside.stored.noteAll(),
    hash: (text: string) => parts.checks.hash(new TextEncoder().encode(text)),
    coverage: loaded.coverage,
    lost: loaded.lost,
    excused: loaded.excused,
    secretStore: openSecretStore(outside.random, {
      paths,
      environment: wanted.name,
      stream: journal.stream,
      facts: requireFacts(journal.state.facts),
    }),
    locks: fileRunLocks(paths.runFolder),
    notary: logNotary({
      name: wanted.name,
      hash: parts.checks.hash,
      key,
      readLog: () => readWholeLog(parts, wanted),
    }),
    openUnsaved: (path: string, bytes: Uint8Array<ArrayBuffer>) =>
      openUnsaved(path, bytes, { stream: journal.stream, keys: journal.state.keys, checks: parts.checks }),
    openPlan: (path: string, bytes: Uint8Array<ArrayBuffer>) =>
      openDocument(PLAN_DOCUMENT, { path, bytes }, {
        stream: journal.stream,
        keys: journal.state.keys,
        checks: parts.checks,
      }),
    signingKey: key?.signer.keyId,
    ...rest,
    close: () => {
      outside.stored.remove(rest.vault);
      return rest.close();
    },
  };
}

async function vaultOf(
  { outside, paths, wanted }: Opening,
  { stream, facts: factsNow }: { readonly stream: string; facts(): EnvironmentFacts | undefined },
): Promise<Result<Vault, ProjectFailure>> {
  const facts = requireFacts(factsNow());
  return await openEnvironmentVault(outside, {
    paths,
    environment: wanted.name,
    stream,
    facts,
    activeDataKey: () => factsNow()?.activeDataKey ?? facts.activeDataKey,
  });
}

function requireFacts(facts: EnvironmentFacts | undefined): EnvironmentFacts {
  invariant(facts !== undefined, "A log that holds its pinned first record has been opened");
  return facts;
}

function voidCounter(): { see(verified: VerifiedRecord): void; count(): number } {
  let count = 0;
  return { see: (verified) => void (count += verified.voids.length), count: () => count };
}
