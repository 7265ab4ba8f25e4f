import { frameRun } from "../actors/run_frame.ts";
import { clearValue } from "../engine/clear_value.ts";
import type { SecretRevealed } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { isList, isRecord, requireRecord, SealedSecret, type ValueRecord } from "../engine/value.ts";
import type { Value } from "../engine/value.ts";
import { openValue } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";
import { type ApplyListener, runWorld, tellingRepairs } from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";

/** Who is told while secrets are opened. */
export type RevealListener = Pick<ApplyListener, "repaired" | "noticed" | "interrupts">;

/** What is going to be shown, in clear, and whose secrets are in it. */
export interface Revelation<T> {
  readonly shown: T;
  readonly revealed: readonly Omit<SecretRevealed, "type">[];
}

/**
 * Opens secrets for a person. Everything is opened first; then a signed record says that it was, and only when that is durable is
 * anything given away. Nothing is recorded where there is no secret.
 */
export async function withRevelation<T>(
  ports: ProjectPorts,
  { command, environment }: { readonly command: string; readonly environment: string | undefined },
  listener: RevealListener,
  open: (opened: ReadEnvironment) => Promise<Result<Revelation<T>, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) =>
      tellingRepairs(opened, listener, async () => {
        const made = await open(opened);
        if (!made.ok) return made;
        const { shown, revealed } = made.value;
        if (revealed.length === 0) return ok(shown);
        const failure = await record({ ports, opened, listener, command }, revealed);
        return failure === undefined ? ok(shown) : err(failure);
      }),
  );
}

async function record(
  { ports, opened, listener, command }: {
    readonly ports: ProjectPorts;
    readonly opened: ReadEnvironment;
    readonly listener: RevealListener;
    readonly command: string;
  },
  revealed: Revelation<unknown>["revealed"],
): Promise<ProjectFailure | undefined> {
  const { interrupts } = listener;
  const world = runWorld(ports, opened, { parallelism: 1, why: undefined }, {
    interrupts,
    progress: () => {},
  });
  const framed = await frameRun(world, { command, writes: [], reads: [] }, async ({ log }) => {
    const answer = await log.append(revealed.map((each) => ({ type: "SecretRevealed", ...each }) as const));
    return { outcome: answer.ok ? "succeeded" as const : "failed" as const, result: answer };
  });
  if (!framed.ok) return refusalFailure(framed.error);
  const { result } = framed.value;
  if (result.ok) return undefined;
  return { kind: "Store", message: `Nothing was shown: ${refusalText(result.error)}` };
}

/** The same value with every sealed secret in it as its clear value. */
export async function inClear(vault: Vault, value: Value): Promise<Value> {
  return clearValue(await openValue(vault, value));
}

/** `inClear` of an object value. */
export async function recordInClear(vault: Vault, value: ValueRecord): Promise<ValueRecord> {
  return requireRecord(await inClear(vault, value));
}

/** Where in a value sealed secrets are: paths that begin with `path`. */
export function sealedPaths(value: Value | undefined, path: string): readonly string[] {
  if (value instanceof SealedSecret) return [path];
  if (isList(value)) return value.flatMap((part, index) => sealedPaths(part, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.keys(value).sort().flatMap((name) => sealedPaths(value[name], `${path}.${name}`));
}
