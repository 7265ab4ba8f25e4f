import { CIPHERTEXT_PREFIX, parseCiphertext } from "../engine/ciphertext.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { dataKeyHistory, dropOf } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { withEnvironment } from "./read_environment.ts";
import { type RevealListener, withRevelation } from "./reveal_secrets.ts";
import { ciphertextFailure } from "./secret_ciphertext.ts";

/** A secret of the files, and the place that it is or will be in. */
export interface SourceSecretRequest {
  readonly environment: string | undefined;
  /** For example `db.main.auth.password`. */
  readonly place: string;
  readonly text: string;
}

const PLACE_REGEXP = /^(use \S.*|component \S.*|layer \S+ \S.*|[^\s.]+)\.\S/;

/** Encrypts a text for one place in the files of one environment, under the data key that is active when it is done. */
export async function encryptForSource(
  ports: ProjectPorts,
  request: SourceSecretRequest,
): Promise<Result<string, ProjectFailure>> {
  const fault = placeFault(request.place) ?? textFault(request.text);
  if (fault !== undefined) return err(fault);
  const made = await sealNow(ports, request);
  if (!made.ok) return made;
  // Each time is one more rotation that overtook this, so that it comes to an end.
  return made.value.isCurrent ? ok(made.value.ciphertext) : await encryptForSource(ports, request);
}

/** Encrypts, and looks at the log again: what is under a key that has ended meanwhile opens for nobody. */
async function sealNow(
  ports: ProjectPorts,
  { environment, place, text }: SourceSecretRequest,
): Promise<Result<{ readonly ciphertext: string; readonly isCurrent: boolean }, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "plan", tell: () => {} },
    async ({ workspace, chosen, environment: { vault } }) => {
      const ciphertext = await vault.sealSource(place, text);
      const log = await ports.readLog(workspace.paths, chosen);
      if (!log.ok) return log;
      const { active } = dataKeyHistory(log.value);
      return ok({ ciphertext, isCurrent: parseCiphertext(ciphertext)?.dataKey === active });
    },
  );
}

/** Decrypts a ciphertext of the files, once the log says that it is going to be shown. */
export async function decryptFromSource(
  ports: ProjectPorts,
  { environment, place, text }: SourceSecretRequest,
  listener: RevealListener,
): Promise<Result<string, ProjectFailure>> {
  const fault = placeFault(place);
  if (fault !== undefined) return err(fault);
  const request = { command: "secrets decrypt", environment };
  return await withRevelation(ports, request, listener, async (opened) => {
    const { environment: { vault }, workspace, chosen, name } = opened;
    const clear = await vault.openSource(place, text);
    if (clear.ok) return ok({ shown: clear.value, revealed: [{ subject: place, paths: [] }] });
    const about = { place, environment: name, dropOf: dropOf(ports, workspace.paths, chosen) };
    return err(await ciphertextFailure(clear.error, { ...about, origin: "standard input" }));
  });
}

function placeFault(place: string): ProjectFailure | undefined {
  if (PLACE_REGEXP.test(place)) return undefined;
  return {
    kind: "NotFound",
    message: `Cannot read the place "${place}": expected the address of a resource and a field, ` +
      "for example db.main.auth.password",
    hint: 'In an argument it is "use INSTANCE.argument", in a layer "layer NAME pattern.field"',
  };
}

function textFault(text: string): ProjectFailure | undefined {
  if (text === "") return { kind: "Config", message: "Cannot encrypt the secret: it is empty" };
  if (!text.startsWith(CIPHERTEXT_PREFIX)) return undefined;
  return { kind: "Config", message: "Cannot encrypt the secret: it is a ciphertext already" };
}
