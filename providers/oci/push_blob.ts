import { err, ok, type Result } from "../../engine/result.ts";
import type { Blob, Descriptor } from "../../image/descriptor.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { type LayoutFolder, streamLayoutBlob } from "./layout_folder.ts";
import { refusedUrl, type RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { urlFault } from "./registry_url.ts";

/** Up to this size a blob goes in one piece, from memory. */
const WHOLE_LIMIT_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;
/** How often an upload that was cut is begun anew. */
const SESSION_TRIES = 3;

type Fault = RegistryFault | ImageFault;

/** Sends a blob unless the registry has it (OCI distribution-spec, "Pushing blobs"). Its bytes are held against its digest on the way. */
export async function pushBlob(
  client: RegistryClient,
  layout: LayoutFolder,
  blob: Descriptor,
): Promise<Result<"sent" | "held", Fault>> {
  const action = actionOf(client, blob);
  const held = await isHeld(client, blob, action);
  if (!held.ok) return held;
  if (held.value) return ok("held");
  for (let count = 1;; count++) {
    const session = await openSession(client, action);
    if (!session.ok) return session;
    const sending = { blob, action, session: session.value };
    const sent = blob.sizeBytes <= WHOLE_LIMIT_BYTES
      ? await sendWhole(client, layout, sending)
      : await sendPieces(client, layout, sending);
    if (sent.ok) return ok("sent");
    // A session that went wrong is never gone on with: some registries ruin the blob.
    const isLost = sent.error.kind === "registry" && (sent.error.status === 404 || sent.error.status === 416);
    if (!isLost || count === SESSION_TRIES) return sent;
  }
}

/** The same for a blob that lies in no layout. */
export async function pushBytes(client: RegistryClient, blob: Blob): Promise<Result<"sent" | "held", Fault>> {
  const action = actionOf(client, blob);
  const held = await isHeld(client, blob, action);
  if (!held.ok) return held;
  if (held.value) return ok("held");
  const session = await openSession(client, action);
  if (!session.ok) return session;
  const sent = await finish(client, session.value.url, { blob, action, body: blob.bytes });
  return sent.ok ? ok("sent") : sent;
}

function actionOf({ repository }: RegistryClient, { digest }: Descriptor): string {
  return `Cannot send the blob ${digest} to "${repository}"`;
}

async function isHeld(
  { repository, request }: RegistryClient,
  { digest }: Descriptor,
  action: string,
): Promise<Result<boolean, Fault>> {
  const held = await request({
    method: "HEAD",
    target: `${repository}/blobs/${digest}`,
    wanted: [200, 404],
    action,
    access: "push",
  });
  if (!held.ok) return held;
  await held.value.body?.cancel();
  return ok(held.value.status === 200);
}

/** Where a registry takes an upload. */
interface UploadSession {
  readonly url: URL;
  readonly leastPieceBytes: number;
}

interface Sending {
  readonly blob: Descriptor;
  readonly action: string;
  readonly session: UploadSession;
}

async function sendWhole(
  client: RegistryClient,
  layout: LayoutFolder,
  sending: Sending,
): Promise<Result<void, Fault>> {
  const body = new Uint8Array(sending.blob.sizeBytes);
  let filledBytes = 0;
  const read = await streamLayoutBlob(layout, sending.blob, (bytes) => {
    body.set(bytes.subarray(0, body.length - filledBytes), filledBytes);
    filledBytes += bytes.length;
  });
  return read.ok ? await finish(client, sending.session.url, { ...sending, body }) : read;
}

/** The registry checks the digest at the end; nothing wrong that was read from the layout gets that far. */
async function sendPieces(
  client: RegistryClient,
  layout: LayoutFolder,
  { action, blob, session }: Sending,
): Promise<Result<void, Fault>> {
  let { url } = session;
  const piece = new Uint8Array(Math.max(PIECE_BYTES, session.leastPieceBytes));
  let [filledBytes, offset] = [0, 0];
  let fault: Fault | undefined;
  const flush = async (): Promise<void> => {
    const body = piece.subarray(0, filledBytes);
    const patched = await client.request({
      method: "PATCH",
      target: url,
      headers: {
        "content-type": "application/octet-stream",
        "content-range": `${offset}-${offset + body.length - 1}`,
      },
      body,
      wanted: [202],
      action,
      access: "push",
    });
    if (!patched.ok) return void (fault = patched.error);
    await patched.value.body?.cancel();
    const next = locationOf(client, patched.value, { action, from: url });
    if (!next.ok) return void (fault = next.error);
    [url, offset, filledBytes] = [next.value, offset + body.length, 0];
  };
  const read = await streamLayoutBlob(layout, blob, async (bytes) => {
    for (let at = 0; at < bytes.length && fault === undefined;) {
      const part = bytes.subarray(at, at + piece.length - filledBytes);
      piece.set(part, filledBytes);
      filledBytes += part.length;
      at += part.length;
      if (filledBytes === piece.length) await flush();
    }
  });
  if (read.ok && fault === undefined && filledBytes > 0) await flush();
  if (fault !== undefined) return err(fault);
  return read.ok ? await finish(client, url, { blob, action, body: undefined }) : read;
}

async function openSession(
  client: RegistryClient,
  action: string,
): Promise<Result<UploadSession, Fault>> {
  const opened = await client.request({
    method: "POST",
    target: `${client.repository}/blobs/uploads/`,
    wanted: [202],
    action,
    access: "push",
  });
  if (!opened.ok) return opened;
  await opened.value.body?.cancel();
  const url = locationOf(client, opened.value, { action, from: new URL(opened.value.url) });
  const least = Number(opened.value.headers.get("oci-chunk-min-length") ?? 0);
  return url.ok ? ok({ url: url.value, leastPieceBytes: Number.isSafeInteger(least) ? least : 0 }) : url;
}

async function finish(
  client: RegistryClient,
  session: URL,
  { action, blob, body }: Omit<Sending, "session"> & { readonly body: Uint8Array<ArrayBuffer> | undefined },
): Promise<Result<void, Fault>> {
  const url = new URL(session);
  url.searchParams.set("digest", blob.digest);
  const put = await client.request({
    method: "PUT",
    target: url,
    headers: { "content-type": "application/octet-stream" },
    body: body ?? new Uint8Array(),
    wanted: [201, 204],
    action,
    access: "push",
  });
  if (!put.ok) return put;
  await put.value.body?.cancel();
  const told = put.value.headers.get("docker-content-digest");
  return told === null || told === blob.digest
    ? ok(undefined)
    : err(damageFault(`${action}: it was taken as ${told}`));
}

/** Where the upload goes on: what the registry says, taken word for word. */
function locationOf(
  client: RegistryClient,
  response: Response,
  { action, from }: { readonly action: string; readonly from: URL },
): Result<URL, RegistryFault> {
  const location = response.headers.get("location");
  if (location === null || !URL.canParse(location, from)) {
    return err({
      kind: "registry",
      status: response.status,
      codes: [],
      message: `${action}: "${client.place.host}" does not say where to send it`,
    });
  }
  const url = new URL(location, from);
  const fault = urlFault(url, from);
  return fault === undefined ? ok(url) : err(refusedUrl(action, from, fault));
}
