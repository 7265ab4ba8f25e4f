import { err, ok, type Result } from "../engine/result.ts";
import type { ImageAttest } from "../providers/image_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import type { PreparedImage } from "./prepare_image.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { parseKmsReference } from "./smelt_toml_keys.ts";
import { openWorkspace, pickEnvironment } from "./workspace.ts";

/** What a command line says of how an image is vouched for. */
export interface AttestTexts extends Omit<ImageAttest, "signer" | "repository"> {
  /** `ifKey`: with the key that signs here, where there is one. */
  readonly sign: "asked" | "ifKey" | "left";
  /** The name of a key, or `kms:` and one of AWS KMS; `undefined`: the one that signs here. */
  readonly key: string | undefined;
}

const URI_REGEXP = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,500}$/i;

/** How images are vouched for, but for where each of them goes. */
export type ImageVoucher = Omit<ImageAttest, "repository">;

/** The request to build an image, vouched for where somebody does. */
export function vouchedBuild(
  { build, repository }: Pick<PreparedImage, "build" | "repository">,
  voucher: ImageVoucher | undefined,
): PreparedImage["build"] {
  return voucher === undefined ? build : { ...build, attest: { ...voucher, repository } };
}

/** Finds the key that vouches for images; `undefined`: nobody does. */
export async function imageAttest(
  ports: ProjectPorts,
  { key, sign, ...rest }: AttestTexts,
): Promise<Result<ImageVoucher | undefined, ProjectFailure>> {
  if (sign === "left") return ok(undefined);
  const { builderId } = rest;
  if (builderId !== undefined && !URI_REGEXP.test(builderId)) {
    return err({
      kind: "Config",
      message: `Cannot use ${JSON.stringify(builderId)} for --builder-id: wanted a URI`,
      hint: "Such as https://ci.example.com/builders/1",
    });
  }
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const environment = pickEnvironment(workspace.value, undefined);
  if (!environment.ok) return environment;
  const { paths } = workspace.value;
  const { keys } = environment.value;
  if (sign === "ifKey") {
    const folder = await ports.keyFolder(paths);
    const own = folder.ownName(keys.signing);
    if (!own.ok) return own;
    const isHere = parseKmsReference(own.value) !== undefined ||
      (await folder.list()).some(({ name }) => name === own.value);
    if (!isHere) return ok(undefined);
  }
  const signer = await ports.imageSigner(paths, keys, key);
  return signer.ok ? ok({ ...rest, signer: signer.value }) : signer;
}
