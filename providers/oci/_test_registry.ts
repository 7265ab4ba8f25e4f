import { joinBytes } from "../../image/join_bytes.ts";
import { sha256 } from "./sha256.ts";

/** What a registry of the tests does with a request instead of answering it. `cut` ends the connection without an answer. */
export type Fault = Response | "cut" | undefined;

/** What a test says of its registry. */
export interface RegistryRules {
  /** Asked before every request; `count` is 1 for the first. */
  fault?(request: Request, count: number): Fault | Promise<Fault>;
}

/** A registry in memory, as far as the distribution-spec has pushing and pulling, on a free port of this machine. */
export interface TestRegistry extends AsyncDisposable {
  /** Such as `localhost:40123`. */
  readonly host: string;
  readonly blobs: Map<string, Uint8Array>;
  /** By repository and reference, `me/web latest`. */
  readonly manifests: Map<string, { readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  /** Resolves at the next request. */
  heard(): Promise<void>;
}

/** Starts one. */
export function startRegistry(rules: RegistryRules = {}): TestRegistry {
  const blobs: TestRegistry["blobs"] = new Map();
  const manifests: TestRegistry["manifests"] = new Map();
  const uploads = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const waiting: (() => void)[] = [];
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    requests.push(`${request.method} ${url.pathname}`);
    for (const tell of waiting.splice(0)) tell();
    const fault = await rules.fault?.(request, requests.length);
    if (fault === "cut") return await neverAnswered(request);
    if (fault !== undefined) return fault;
    const body = new Uint8Array(await request.arrayBuffer());
    const blob = /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/.exec(url.pathname);
    if (blob !== null) return blobAnswer(blobs.get(blob[2] ?? ""), request.method);
    if (/^\/v2\/.+\/blobs\/uploads\/$/.test(url.pathname)) {
      const id = crypto.randomUUID();
      uploads.set(id, new Uint8Array());
      return new Response(null, { status: 202, headers: { location: `${url.pathname}${id}?state=1` } });
    }
    const upload = /^\/v2\/.+\/blobs\/uploads\/(.+)$/.exec(url.pathname);
    if (upload !== null) return uploadAnswer({ blobs, uploads, url, body, request }, upload[1] ?? "");
    const list = /^\/v2\/(.+)\/tags\/list$/.exec(url.pathname);
    if (list !== null) return tagsAnswer(manifests, list[1] ?? "", url.searchParams);
    const manifest = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname);
    if (manifest !== null) {
      return manifestAnswer({ manifests, body, request }, manifest[1] ?? "", manifest[2] ?? "");
    }
    return url.pathname === "/v2/" ? new Response("{}") : new Response(null, { status: 404 });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const host = `localhost:${server.addr.port}`;
  const heard = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { host, blobs, manifests, requests, heard, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** The runtime's server drops a connection over which less comes than was said. */
async function neverAnswered(request: Request): Promise<Response> {
  await request.body?.cancel();
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(1));
      controller.close();
    },
  });
  return new Response(body, { status: 500, headers: { "content-length": "10" } });
}

function blobAnswer(bytes: Uint8Array | undefined, method: string): Response {
  if (bytes === undefined) return refused(404, "BLOB_UNKNOWN");
  const headers = { "content-length": `${bytes.length}` };
  return new Response(method === "HEAD" ? null : new Uint8Array(bytes), { headers });
}

interface Upload {
  readonly blobs: TestRegistry["blobs"];
  readonly uploads: Map<string, Uint8Array>;
  readonly url: URL;
  readonly body: Uint8Array;
  readonly request: Request;
}

function uploadAnswer({ blobs, body, request, uploads, url }: Upload, id: string): Response {
  const before = uploads.get(id);
  if (before === undefined) return refused(404, "BLOB_UPLOAD_UNKNOWN");
  const range = request.headers.get("content-range");
  if (range !== null && Number(range.split("-")[0]) !== before.length) {
    return refused(416, "BLOB_UPLOAD_INVALID");
  }
  const whole = joinBytes([before, body]);
  uploads.set(id, whole);
  if (request.method === "PATCH") {
    return new Response(null, { status: 202, headers: { location: url.pathname } });
  }
  const digest = url.searchParams.get("digest") ?? "";
  if (digest !== `sha256:${sha256(whole)}`) return refused(400, "DIGEST_INVALID");
  uploads.delete(id);
  blobs.set(digest, whole);
  return new Response(null, { status: 201, headers: { "docker-content-digest": digest } });
}

/** Two at a time, so that whoever reads the first page only does not see them all. */
const TAG_PAGE = 2;

function tagsAnswer(
  manifests: TestRegistry["manifests"],
  repository: string,
  parameters: URLSearchParams,
): Response {
  const all = [...manifests.keys()].filter((name) => name.startsWith(`${repository} `))
    .map((name) => name.slice(repository.length + 1)).filter((name) => !name.startsWith("sha256:"))
    .toSorted();
  if (![...manifests.keys()].some((name) => name.startsWith(`${repository} `))) {
    return refused(404, "NAME_UNKNOWN");
  }
  const after = all.filter((tag) => tag > (parameters.get("last") ?? ""));
  const page = after.slice(0, TAG_PAGE);
  const next = `/v2/${repository}/tags/list?n=${TAG_PAGE}&last=${page.at(-1)}`;
  const headers: HeadersInit = after.length > page.length ? { link: `<${next}>; rel="next"` } : {};
  return Response.json({ name: repository, tags: page }, { headers });
}

interface ManifestRequest {
  readonly manifests: TestRegistry["manifests"];
  readonly body: Uint8Array;
  readonly request: Request;
}

function manifestAnswer(
  { body, manifests, request }: ManifestRequest,
  repository: string,
  reference: string,
): Response {
  if (request.method === "PUT") {
    const digest = `sha256:${sha256(body)}`;
    const entry = { bytes: body, mediaType: request.headers.get("content-type") ?? "" };
    for (const name of [reference, digest]) manifests.set(`${repository} ${name}`, entry);
    return new Response(null, { status: 201, headers: { "docker-content-digest": digest } });
  }
  const entry = manifests.get(`${repository} ${reference}`);
  if (entry === undefined) return refused(404, "MANIFEST_UNKNOWN");
  if (request.method === "DELETE") {
    // What a digest names goes with its tags, a tag alone.
    for (const [name, each] of [...manifests]) {
      const isIts = name === `${repository} ${reference}` ||
        (name.startsWith(`${repository} `) && `sha256:${sha256(each.bytes)}` === reference);
      if (isIts) manifests.delete(name);
    }
    return new Response(null, { status: 202 });
  }
  const headers = {
    "content-type": entry.mediaType,
    "docker-content-digest": `sha256:${sha256(entry.bytes)}`,
    "content-length": `${entry.bytes.length}`,
  };
  return new Response(request.method === "HEAD" ? null : new Uint8Array(entry.bytes), { headers });
}

/** An answer that says no, in the words of the distribution-spec. */
export function refused(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ errors: [{ code, message: code.toLowerCase() }] }, { status, headers });
}
