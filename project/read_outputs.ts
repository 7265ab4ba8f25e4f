import { nearName } from "../engine/near_name.ts";
import { objectOutput } from "../engine/object_output.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { SealedSecret, Secret, someValue, type Value } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import { type ConfigFailure, loadDesired } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import { openConfigured, type Workspace } from "./workspace.ts";

/** An `output` of the files, as the log knows it. */
export interface ReadOutput {
  readonly name: string;
  /** `undefined` until an apply has made it. Secrets stay sealed. */
  readonly value: Value | undefined;
  readonly isSensitive: boolean;
  /** What it is taken from: `kind.name.path`. */
  readonly from: string;
}

/** All outputs of an environment, or the one that was asked for. */
export interface ReadOutputs {
  readonly environment: string;
  /** In the order of the files. */
  readonly outputs: readonly ReadOutput[];
  readonly chosen: ReadOutput | undefined;
}

/**
 * Reads the outputs that the files declare. One word names an environment where there is one of that name, and else an output
 * of the default environment; of two the first is the environment.
 */
export async function readOutputs(
  ports: ProjectPorts,
  words: readonly string[],
): Promise<Result<ReadOutputs, ProjectFailure | ConfigFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { environment, name } = readWords(workspace.value, words);
  const read = await readAll(ports, environment);
  if (!read.ok) return read;
  const { outputs } = read.value;
  if (name === undefined) return ok({ ...read.value, chosen: undefined });
  const chosen = outputs.find((each) => each.name === name);
  if (chosen !== undefined) return ok({ ...read.value, chosen });
  const known = outputs.map((each) => each.name);
  const candidates = words.length === 1 ? [...known, ...workspace.value.config.environments.keys()] : known;
  return err(unknownOutput(name, nearName(name, candidates), known));
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

async function readAll(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<Omit<ReadOutputs, "chosen">, ProjectFailure | ConfigFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "read", tell: () => {} },
    async ({ workspace, name, chosen, environment: opened }) => {
      const config = await loadDesired({
        workspace,
        workingFolder: ports.workingFolder,
        given: [],
        environment: chosen,
        registry: ports.registry(workspace.paths),
        readVariable: undefined,
      });
      if (!config.ok) return config;
      const { resources } = opened.journal.state;
      const outputs = config.value.desired.outputs.map(({ name, target, path }) => {
        const object = resources.get(target)?.object;
        const value = object && objectOutput({
          id: object.id,
          fields: decodeRecord(object.fields),
          outputs: decodeRecord(object.outputs),
        }, path);
        const isSensitive = value !== undefined && someValue(value, isSecret);
        return { name, value, isSensitive, from: `${target}.${path}` };
      });
      return ok({ environment: name, outputs });
    },
  );
}

function isSecret(value: Value): boolean {
  return value instanceof SealedSecret || value instanceof Secret;
}

function unknownOutput(name: string, near: string | undefined, known: readonly string[]): ProjectFailure {
  const all = known.length === 0 ? "The files declare no output" : `The files declare ${known.join(", ")}`;
  return {
    kind: "NotFound",
    message: `No output "${name}"`,
    hint: near === undefined ? all : `Did you mean "${near}"?`,
  };
}
