import type { SecretSource, WantedSecret } from "../lang/secret_source.ts";
import type { SourceFault, Vault } from "../trust/vault_port.ts";
import type { DropOf } from "./data_key_history.ts";
import type { ProjectFailure } from "./failure.ts";
import { faulty, type SecretRead } from "./secret_read.ts";

/** A ciphertext in the files. */
interface WantedCiphertext extends WantedSecret {
  readonly source: Extract<SecretSource, { readonly kind: "ciphertext" }>;
}

/** Opens a ciphertext of the files, which must have been made for this environment and this very place. */
export async function openCiphertext(
  { vault, environment, dropOf }: {
    readonly vault: Pick<Vault, "openSource">;
    readonly environment: string;
    readonly dropOf: DropOf;
  },
  { source, origin }: WantedCiphertext,
): Promise<SecretRead> {
  const opened = await vault.openSource(source.place, source.text);
  if (opened.ok) return { kind: "text", text: opened.value };
  if (opened.error.kind === "Malformed") {
    return faulty("Cannot read the ciphertext: a part of it lacks", encryptHint(source.place, environment));
  }
  const { place } = source;
  return {
    kind: "failed",
    failure: await ciphertextFailure(opened.error, { place, environment, origin, dropOf }),
  };
}

/** Why a ciphertext was not opened, as a failure of the command. */
export async function ciphertextFailure(
  fault: SourceFault,
  { place, environment, origin, dropOf }: {
    readonly place: string;
    readonly environment: string;
    /** Where it stands. */
    readonly origin: string;
    readonly dropOf: DropOf;
  },
): Promise<ProjectFailure> {
  switch (fault.kind) {
    case "Malformed":
      return { kind: "Config", message: `Cannot read the ciphertext at ${origin}: it is not a whole one` };
    case "KeyAbsent": {
      const drop = await dropOf(fault.dataKey);
      if (drop !== undefined) {
        return {
          kind: "Keys",
          message:
            `Cannot open the ciphertext of ${place} at ${origin}: record ${drop} of "${environment}" says ` +
            `that its data key ${fault.dataKey} was dropped`,
          hint: `Take the file as that rotation left it, or the key from a backup; else ${
            encryptWords(place, environment)
          }`,
        };
      }
      return {
        kind: "Keys",
        message: `Cannot open the ciphertext of ${place} at ${origin}: no data key ${fault.dataKey} of ` +
          `"${environment}" is here`,
        hint: "Copy the key from a machine that has it; one made in another environment opens only there",
      };
    }
    case "Refused":
      return {
        kind: "SecretDamage",
        message: `Refuse the ciphertext of ${place} at ${origin}: it was made for another place or ` +
          "environment, or was altered",
        hint: encryptHint(place, environment),
      };
  }
}

function encryptHint(place: string, environment: string): string {
  return `M${encryptWords(place, environment).slice(1)}`;
}

function encryptWords(place: string, environment: string): string {
  return `make one for this place: smelt secrets encrypt "${place}" ${environment}`;
}
