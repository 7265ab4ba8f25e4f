import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { SealedSecret, Secret, someValue, type Value } from "../engine/value.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readOutputs } from "./read_outputs.ts";
import { openConfigured, pickEnvironment, type Workspace } from "./workspace.ts";

/** An `output` of the files, as the log knows it. */
export interface ShownOutput {
  readonly name: string;
  /** `undefined` until an apply has made it. Secrets stay sealed. */
  readonly value: Value | undefined;
  readonly isSensitive: boolean;
}

/** All outputs of an environment, and the one that was asked for. */
export interface ChosenOutputs {
  readonly environment: string;
  /** In the order of the files. */
  readonly outputs: readonly ShownOutput[];
  readonly chosen: ShownOutput | undefined;
}

/**
 * Reads the outputs that the files declare. One word names an environment where there is one of that name, and else an output
 * of the default environment; of two the first is the environment.
 */
export async function chooseOutputs(
  ports: ProjectPorts,
  words: readonly string[],
): Promise<Result<ChosenOutputs, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { environment: asked, name } = readWords(workspace.value, words);
  const picked = pickEnvironment(workspace.value, asked);
  if (!picked.ok) return picked;
  const environment = picked.value.name;
  const read = await readOutputs(ports, { environment, declared: undefined });
  if (!read.ok) return read;
  const outputs = [...read.value].map(([each, value]) => ({
    name: each,
    value,
    isSensitive: value !== undefined && someValue(value, isSecret),
  }));
  const chosen = outputs.find((each) => each.name === name);
  if (name === undefined || chosen !== undefined) return ok({ environment, outputs, chosen });
  const environments = words.length === 1 ? workspace.value.config.environments.keys() : [];
  return err(unknownOutput(name, outputs, environments));
}

function readWords(
  { config }: Workspace,
  words: readonly string[],
): { readonly environment: string | undefined; readonly name: string | undefined } {
  const [first, second] = words;
  if (second !== undefined) return { environment: first, name: second };
  const isEnvironment = first !== undefined && config.environments.has(first);
  return isEnvironment ? { environment: first, name: undefined } : { environment: undefined, name: first };
}

function isSecret(value: Value): boolean {
  return value instanceof SealedSecret || value instanceof Secret;
}

function unknownOutput(
  name: string,
  outputs: readonly ShownOutput[],
  environments: Iterable<string>,
): ProjectFailure {
  const known = outputs.map((each) => each.name);
  const near = nearName(name, [...known, ...environments]);
  const all = known.length === 0 ? "The files declare no output" : `The files declare ${known.join(", ")}`;
  return {
    kind: "NotFound",
    message: `No output "${name}"`,
    hint: near === undefined ? all : `Did you mean "${near}"?`,
  };
}
