import type { AcceptedLoss } from "./accepted_loss.ts";
import { OverlayIndex } from "./overlay_index.ts";
import { OverlayMap } from "./overlay_map.ts";
import type { EnvironmentOpened, RunStarted, TrustedKey } from "./environment_event.ts";
import type { CreateStarted } from "./resource_event.ts";
import type { ResourceState } from "./resource_state.ts";

/**
 * Everything that the log of one environment says, folded. The journal owns the only instance of a process; it folds into
 * the draft, and commits once the record is durable. All others read `durable` views.
 */
export class Environment {
  /** By address. An address that nothing is left of stays, with its version, until the environment ends. */
  readonly resources = new OverlayMap<string, ResourceState>();
  /** By key id, revoked ones too. */
  readonly keys = new OverlayMap<string, KeyState>();
  /** Runs that have not ended, by run. */
  readonly liveRuns = new OverlayMap<string, RunState>();
  /**
   * Every run that ever started, for no other may take its name. That is one id a run, of which the start and the end alone take
   * some thirty times as much in the log.
   */
  readonly startedRuns = new OverlayMap<string, "started">();
  /** Which addresses hold an object, by `ownerKey`: one, unless a provider gave one id twice. */
  readonly owners = new OverlayIndex<string, string>();
  /** Addresses that rely on an address, in stored dependencies of what lives there or is being made. */
  readonly dependents = new OverlayIndex<string, string>();
  /** Addresses with an open intent, by token. */
  readonly openTokens = new OverlayMap<string, string>();
  /** Creations that were held for not done, by token: only these may still be contradicted. */
  readonly deniedTokens = new OverlayMap<string, CreateStarted>();
  /** Bound accounts, by provider. */
  readonly accounts = new OverlayMap<string, string>();
  /** Approvals in the order in which they were given, by the digest of the plan. */
  readonly approvals = new OverlayMap<string, readonly PlanApproval[]>();
  readonly #facts = new OverlayMap<"facts", EnvironmentFacts>();

  /** What the draft says of the environment as a whole; `undefined` before record 1. */
  get facts(): EnvironmentFacts | undefined {
    return this.#facts.get("facts");
  }

  set facts(facts: EnvironmentFacts) {
    this.#facts.set("facts", facts);
  }

  /** The same, as it is durable. */
  get durableFacts(): EnvironmentFacts | undefined {
    return this.#facts.durable.get("facts");
  }

  commit(): void {
    for (const map of this.#maps()) map.commit();
  }

  discard(): void {
    for (const map of this.#maps()) map.discard();
  }

  #maps(): readonly { commit(): void; discard(): void }[] {
    return [
      this.resources,
      this.keys,
      this.liveRuns,
      this.startedRuns,
      this.owners,
      this.dependents,
      this.openTokens,
      this.deniedTokens,
      this.accounts,
      this.approvals,
      this.#facts,
    ];
  }
}

/** What concerns the environment as a whole. */
export interface EnvironmentFacts {
  readonly opened: EnvironmentOpened;
  /** The data key that new secrets go under. */
  readonly activeDataKey: string;
  readonly isClosed: boolean;
  readonly policy: ChangePolicy;
  /** The last checkpoint that the log names. */
  readonly checkpoint: { readonly seq: number; readonly object: string } | undefined;
  /** Records that the log has lost, each accepted by an admin key, in this order. */
  readonly losses: readonly AcceptedLoss[];
  /** Whether the lost part may have done what nobody has found yet: from the acceptance of a loss until a person says that all is found. */
  readonly isLossOpen: boolean;
}

/** What a change of the environment takes. */
export interface ChangePolicy {
  /** How many keys must have approved a plan beside the one that carries it out. */
  readonly approvals: number;
  /** Whether it takes the name of the environment. */
  readonly isProtected: boolean;
}

/** That a key has approved a plan. */
export interface PlanApproval {
  readonly keyId: string;
  /** The record that says so. */
  readonly seq: number;
  /** Wall time of that record, for people. */
  readonly at: string;
  /** The run that started with the plan: it has used the approval up, and no other run can. */
  readonly usedBy: string | undefined;
}

/** A key and whether it still signs. */
export interface KeyState {
  readonly key: TrustedKey;
  readonly isRevoked: boolean;
}

/** A run that has started and not ended. */
export interface RunState {
  readonly started: RunStarted;
  /** The key that signs its records. */
  readonly keyId: string;
  /** `settle`: its changes have not been approved, so it may only find out what others have left in doubt. */
  readonly leave: "change" | "settle";
  readonly writes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  /** Wall time of its first record, for people. */
  readonly startedAt: string;
  /** The last record of it that was folded. */
  readonly lastSeq: number;
}

/** What readers outside the journal see: only what is durable. */
export interface EnvironmentView {
  readonly facts: EnvironmentFacts | undefined;
  readonly resources: ReadonlyMap<string, ResourceState>;
  readonly keys: ReadonlyMap<string, KeyState>;
  readonly liveRuns: ReadonlyMap<string, RunState>;
  readonly startedRuns: ReadonlyMap<string, "started">;
  readonly owners: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dependents: ReadonlyMap<string, ReadonlySet<string>>;
  readonly openTokens: ReadonlyMap<string, string>;
  readonly deniedTokens: ReadonlyMap<string, CreateStarted>;
  readonly accounts: ReadonlyMap<string, string>;
  readonly approvals: ReadonlyMap<string, readonly PlanApproval[]>;
}

/** The durable view of an environment; it moves with each commit. */
export function durableView(environment: Environment): EnvironmentView {
  return {
    get facts() {
      return environment.durableFacts;
    },
    resources: environment.resources.durable,
    keys: environment.keys.durable,
    liveRuns: environment.liveRuns.durable,
    startedRuns: environment.startedRuns.durable,
    owners: environment.owners.durable,
    dependents: environment.dependents.durable,
    openTokens: environment.openTokens.durable,
    deniedTokens: environment.deniedTokens.durable,
    accounts: environment.accounts.durable,
    approvals: environment.approvals.durable,
  };
}

/** The key of an object in `owners`: type, account and id. */
export function ownerKey(resourceType: string, account: string, id: string): string {
  return JSON.stringify([resourceType, account, id]);
}
