import { imagePush } from "../../project/image_request.ts";
import { pushImage } from "../../project/work_on_images.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { pushedLines } from "../render/image_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt image push` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [from = "", to = ""] = input.args;
  const request = imagePush(from, {
    to,
    tags: input.texts("tag"),
    insecure: input.texts("insecure"),
    caFile: input.text("ca-file"),
  });
  const pushed = await pushImage(context.ports, request);
  if (!pushed.ok) return reportFailure(context, pushed.error, format);
  const { heldAttachments, heldBlobs, reference, sentAttachments, sentBlobs, tags } = pushed.value;
  if (format === "json") {
    const exit = { code: EXIT_CODES.ok, kind: "ok" };
    const counts = {
      sent_blobs: sentBlobs,
      held_blobs: heldBlobs,
      sent_attachments: sentAttachments,
      held_attachments: heldAttachments,
    };
    context.printer.machine(jsonText({ reference, tags: [...tags], ...counts, exit }));
  } else {
    context.printer.err(pushedLines(pushed.value));
    context.printer.machine(reference);
  }
  return EXIT_CODES.ok;
}
