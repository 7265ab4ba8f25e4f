import { join } from "node:path";
import type { EnvironmentFacts } from "../engine/environment.ts";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import { scrubEvent } from "../engine/scrub_event.ts";
import { invariant, InvariantError } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { dataKeyHistory } from "../project/data_key_history.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notice } from "../project/notice.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { LostExchange, OpenEnvironment, WantedEnvironment } from "../project/project_ports.ts";
import { continueJournal } from "../store/journal.ts";
import type { Journal } from "../store/journal_port.ts";
import type { Repair } from "../store/log_backend.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";
import { planStatement } from "../trust/statement.ts";
import type { Vault } from "../trust/vault_port.ts";
import { openEnvironmentVault } from "./environment_keys.ts";
import { kmsFailure } from "./key_service.ts";
import { lazyVault } from "./lazy_vault.ts";
import { logNotary } from "./log_notary.ts";
import {
  type LoadedLog,
  loadEnvironmentLog,
  type LogParts,
  openLogFolder,
  readWholeLog,
} from "./log_parts.ts";
import type { Outside } from "./outside.ts";
import { readOnlyJournal } from "./read_only_journal.ts";
import { fileRunLocks } from "../actors/run_lock.ts";
import { openSecretStore } from "./secret_store.ts";
import { requireLog } from "./require_log.ts";
import { chooseSigner, ownWord } from "./restored_signer.ts";
import { scrubbedJournal } from "./scrubbed_journal.ts";
import { findSigningKey, type FoundKey } from "./signing_key.ts";
import { makeStandIn, type StandIn } from "./stand_in.ts";
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
  standIns: "refused",
  revokedKeys: "refused",
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
  const factsNow = () => fold.environment.facts;
  const open = () => vaultOf(opening, { stream: fold.stream, facts: factsNow });
  const vault = wanted.purpose === "plan"
    ? await open()
    : ok(lazyVault(opening.outside.secrets, () => factsNow()?.activeDataKey ?? "", open));
  if (!vault.ok) return vault;
  const journal = readOnlyJournal(fold);
  opening.outside.stored.add(vault.value, journal.state);
  return ok(opened(opening, { journal, loaded }, {
    vault: vault.value,
    voidCount: seen.count(),
    repairs: [],
    saveUnsaved: () => Promise.reject(new InvariantError("What only reads has no outcomes")),
    signPlan: () => Promise.reject(new InvariantError("What only reads signs nothing")),
    key: undefined,
    lostExchange: undefined,
    close: () => wanted.purpose === "plan" ? loaded.remember() : Promise.resolve(undefined),
  }));
}

async function openToWrite(opening: Opening): Promise<Result<OpenEnvironment, ProjectFailure>> {
  const { parts, paths, wanted, outside } = opening;
  const { hash } = parts.checks;
  const lookup = { hash, paths };
  const own = await findSigningKey(outside, lookup, wanted.keys);
  if (!own.ok) return own;
  const { role = "apply" } = wanted;
  const seen = voidCounter();
  const repairs: Repair[] = [];
  const observer = { onRecord: seen.see, onRepair: (repair: Repair) => void repairs.push(repair) };
  const { clock } = outside;
  const loaded = await loadEnvironmentLog(parts, ownWord(wanted, own.value.key.signer.keyId), seen.see);
  const { keys } = loaded.fold.environment;
  const use = { environment: wanted.name, keys, role, lost: loaded.lost };
  const chosen = await chooseSigner({ outside, lookup, wanted, use }, own.value);
  if (!chosen.ok) return chosen;
  const { found, lostExchange } = chosen.value;
  const { signer } = found.key;
  const pinnable = parts.pinned === undefined
    ? ok(undefined)
    : await requirePinnable(parts.pinned, wanted.firstRecord);
  if (!pinnable.ok) return pinnable;
  const journal = await continueJournal({ ...parts, signer, clock, observer }, loaded.fold);
  const { secrets, stored } = outside;
  const openVault = () => vaultOf(opening, { stream: journal.stream, facts: () => journal.state.facts });
  // Who only administers or approves needs no key of secrets, as long as none is met.
  const vault = role === "apply"
    ? await openVault()
    : ok(lazyVault(secrets, () => journal.state.facts?.activeDataKey ?? "", openVault));
  if (!vault.ok) return vault;
  stored.add(vault.value, journal.state);
  const { stream } = journal;
  const standIn = await standInFor(found, { hash, random: outside.random, stream });
  if (!standIn.ok) return standIn;
  const signing = { stream, hash, signer };
  const scrubbed = (events: readonly Event[]) => events.map((event) => scrubEvent(secrets, event));
  return ok(opened(opening, { journal: scrubbedJournal(journal, secrets), loaded }, {
    vault: vault.value,
    voidCount: seen.count(),
    repairs,
    saveUnsaved: (run: string, outcomes: readonly Event[]) =>
      saveUnsaved(join(paths.unsavedFolder, `${run}.json`), scrubbed(outcomes), {
        ...signing,
        standIn: standIn.value,
        clock,
      }),
    signPlan: (body) => signDocument(PLAN_DOCUMENT, body, { ...signing, standIn: undefined }),
    key: found.key,
    lostExchange,
    close: async () => {
      journal.close(new Error("The journal is closed"));
      return await loaded.remember();
    },
  }));
}

/** A key service may be gone when a run that has lost its log must keep what its calls did. */
async function standInFor(
  found: FoundKey,
  parts: Parameters<typeof makeStandIn>[0],
): Promise<Result<StandIn | undefined, ProjectFailure>> {
  if (found.kind === "file") return ok(undefined);
  const standIn = await makeStandIn(parts, found.key);
  return standIn.ok ? standIn : err(kmsFailure(standIn.error));
}

function opened(
  { outside, paths, parts, wanted }: Opening,
  { journal, loaded }: { readonly journal: Journal; readonly loaded: LoadedLog },
  { key, ...rest }: {
    readonly key: SigningKey | undefined;
    readonly lostExchange: LostExchange | undefined;
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
    secretStore: openSecretStore(outside, {
      paths,
      keys: wanted.keys,
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
  { outside, paths, wanted, parts }: Opening,
  { stream, facts: factsNow }: { readonly stream: string; facts(): EnvironmentFacts | undefined },
): Promise<Result<Vault, ProjectFailure>> {
  const facts = requireFacts(factsNow());
  return await openEnvironmentVault(outside, {
    paths,
    environment: wanted.name,
    stream,
    facts,
    activeDataKey: () => factsNow()?.activeDataKey ?? facts.activeDataKey,
    isGivenUp: async (id) => dataKeyHistory(await readWholeLog(parts, wanted)).givenUp.has(id),
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
