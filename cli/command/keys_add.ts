import type { KeyRole } from "../../engine/environment_event.ts";
import { nearName } from "../../engine/near_name.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { addKey, KEY_ROLES } from "../../project/add_key.ts";
import type { ProjectFailure } from "../../project/failure.ts";
import { LARGEST_DOCUMENT_BYTES, readDocumentText } from "../../project/read_document.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";

const INPUT = "-";

/** `smelt keys add` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [path = "", environment] = input.args;
  const roles = readRoles(input.texts("role"));
  if (!roles.ok) {
    return reportUsage(
      context,
      { message: roles.error.message, hint: roles.error.hint },
      input.format,
    );
  }
  const document = await readDocument(context, path);
  if (!document.ok) return reportFailure(context, document.error, input.format);
  const request = {
    environment,
    why: input.text("why"),
    document: document.value,
    where: path === INPUT ? "the document of a key on standard input" : `"${path}"`,
    roles: roles.value,
    name: input.text("name"),
  };
  return await runByHand(context, input, "asks", (listener) => addKey(context.ports, request, listener));
}

async function readDocument(context: CliContext, path: string): Promise<Result<string, ProjectFailure>> {
  if (path !== INPUT) return await readDocumentText(context.ports.workingFolder, path);
  return ok(new TextDecoder().decode(await context.readInput(LARGEST_DOCUMENT_BYTES)));
}

function readRoles(
  texts: readonly string[],
): Result<readonly KeyRole[], { readonly message: string; readonly hint: string }> {
  const hint = `The roles are ${KEY_ROLES.join(", ")}; --role may be given several times`;
  if (texts.length === 0) return err({ message: "Say by --role what the key may sign", hint });
  const unknown = texts.find((text) => !isRole(text));
  if (unknown === undefined) return ok(texts.filter(isRole));
  const near = nearName(unknown, KEY_ROLES);
  return err({
    message: `Unknown role ${JSON.stringify(unknown)}`,
    hint: near === undefined ? hint : `Did you mean "${near}"?`,
  });
}

function isRole(text: string): text is KeyRole {
  return KEY_ROLES.some((role) => role === text);
}
