import { policyText } from "../../engine/policy_text.ts";
import { type ListedKey, type ListedKeys, listKeys } from "../../project/list_keys.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";

/** `smelt keys list` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const listed = await listKeys(context.ports, input.args[0]);
  if (!listed.ok) return reportFailure(context, listed.error, format);
  if (format === "json") context.printer.machine(jsonText(keysJson(listed.value)));
  else context.printer.out(keysLines(listed.value));
  return EXIT_CODES.ok;
}

function keysLines(listed: ListedKeys): readonly Line[] {
  const { environment, isRemote, keys, ownName, policy, strangers } = listed;
  const isKnown = keys.some((each) => each.isOwn);
  return [
    line(span(`Keys of ${environment}`, "bold")),
    ...alignColumns(keys.map(keyCells)),
    ...keys.flatMap(revocationLines),
    ...isRemote ? [line(span("signs here", "dim"), `: ${ownName}, which AWS KMS holds`)] : [],
    ...isKnown || isRemote
      ? []
      : [line(span("note", "cyan"), `: the key "${ownName}", which would sign here, is not among them`)],
    ...strangers.map(({ path, key }) =>
      line(
        span("note", "cyan"),
        `: ${path} ${key.ok ? `(${short(key.value.id)}) is none of them` : "cannot be used"}`,
      )
    ),
    line(span("policy", "dim"), `: ${policyText(policy)}`),
  ];
}

function keyCells({ key, revoked, path, isOwn }: ListedKey): readonly Span[] {
  return [
    span(`  ${short(key.id)}`),
    span(key.name, "bold"),
    span(key.roles.join(", ")),
    span(key.algorithm, "dim"),
    revoked === undefined ? span("trusted", "green") : span(`revoked by record ${revoked.seq}`, "red"),
    span(path === undefined ? "" : isOwn ? `${path}, signs here` : path, isOwn ? "cyan" : "dim"),
  ];
}

function revocationLines({ key, revoked }: ListedKey): readonly Line[] {
  if (revoked === undefined) return [];
  const doubt = revoked.suspectFrom === undefined ? "" : `, to be doubted from record ${revoked.suspectFrom}`;
  return [line(span(`  ${short(key.id)} was revoked: ${revoked.reason}${doubt}`, "dim"))];
}

function keysJson({ environment, keys, ownName, policy, strangers }: ListedKeys): Printable {
  return {
    schema: "smelt.keys.v1",
    environment,
    signs_here: ownName,
    policy: { approvals: policy.approvals, protected: policy.isProtected },
    keys: keys.map(({ key, revoked, trustedSeq, rolesSeq, path, isOwn }) => ({
      id: key.id,
      name: key.name,
      roles: [...key.roles],
      algorithm: key.algorithm,
      public_key: key.publicKey,
      trusted_by_record: trustedSeq,
      roles_by_record: rolesSeq,
      revoked: revoked === undefined ? null : {
        record: revoked.seq,
        at: revoked.at,
        reason: revoked.reason,
        suspect_from: revoked.suspectFrom ?? null,
      },
      file: path ?? null,
      signs_here: isOwn,
    })),
    other_files: strangers.map(({ path, key }) => ({
      file: path,
      id: key.ok ? key.value.id : null,
      error: key.ok ? null : key.error.message,
    })),
  };
}

function short(id: string): string {
  return id.slice(0, 8);
}
