import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type Challenge, parseChallenges } from "../../image/challenge.ts";
import type { Credential } from "./credentials.ts";
import { type ImageFault, permissionFault } from "./image_fault.ts";
import { noAnswer, type RegistryFault, registryFault } from "./registry_fault.ts";
import { basicHeader, fetchToken, limitedText, type Send, type Token } from "./registry_token.ts";
import { isWorthAgain, jitter, pauseOf, retryPauseMs, type TryFault } from "./registry_retry.ts";
import { type RegistryPlace, urlFault } from "./registry_url.ts";

/** What a client is made of. */
export interface RegistryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly place: RegistryPlace;
  /** As references name it. */
  readonly repository: string;
  /** Asked at most once, and only after the registry wanted to know. */
  credential(): Promise<Result<Credential | undefined, ImageFault>>;
  /** The certificates of a private authority, PEM. */
  readonly caCertificates: readonly string[];
  /** When it goes off, requests end as if they had no answer, and none is sent again. */
  readonly signal?: AbortSignal | undefined;
}

/** One request to a registry. */
export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/v2/`, or a URL that the registry told. */
  readonly target: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** How much the answer holds, where that is known: large ones are waited for longer. */
  readonly expectedBytes?: number;
  /** Statuses that are answers; any other is a fault. */
  readonly wanted: readonly number[];
  /** What the message of a fault begins with. */
  readonly action: string;
  /** `pull` is asked for by itself wherever it is enough: some registries deny both where one is allowed. */
  readonly access: RegistryAccessKind;
}

/** What is to be done with a repository. */
export type RegistryAccessKind = "pull" | "push" | "delete";

/** A client of one repository of a registry. */
export interface RegistryClient {
  readonly place: RegistryPlace;
  readonly repository: string;
  /** Sends, signs in where that is asked for, and sends again what was not taken for want of time or luck. The body is the caller's to read or to cancel. */
  request(request: RegistryRequest): Promise<Result<Response, RegistryFault | ImageFault>>;
  /** Waits so long, or a little longer. */
  pause(ms: number): Promise<void>;
  close(): void;
}

/** What is asked for at the place that gives out tokens. */
const SCOPES: Readonly<Record<RegistryAccessKind, string>> = {
  pull: "pull",
  push: "pull,push",
  delete: "delete",
};
const TRIES = 4;
const ANSWER_MS = 30_000;
/** The slowest connection that is waited for. */
const LEAST_BYTES_PER_MS = 64;
const FAULT_LIMIT_BYTES = 16 * 1024;
const REDIRECT_LIMIT = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const FOLLOWED: ReadonlySet<RegistryRequest["method"]> = new Set(["GET", "HEAD"]);

/**
 * Opens a client.
 *
 *   R1. Nothing of a credential is sent before the registry asked, and then only to it and to the place that gives out its tokens.
 *   R2. A pull is tried as anybody first. A credential that is refused ends it: nobody takes what they see for their own image.
 *   R3. No redirect carries a credential to another host, and none leads into a private network or out of encryption.
 *   R4. What is sent again is the same; a status that says that it was not taken, or no answer, is the only reason.
 */
export function openRegistry(parts: RegistryParts): RegistryClient {
  const client = parts.caCertificates.length === 0
    ? undefined
    : Deno.createHttpClient({ caCerts: [...parts.caCertificates] });
  const send: Send = (url, init) =>
    fetch(url, { ...init, redirect: "manual", ...(client === undefined ? {} : { client }) });
  const session: Session = {
    parts,
    send,
    scheme: undefined,
    tokens: new Map(),
    credential: undefined,
    isBasic: false,
    challenge: undefined,
  };
  return {
    place: parts.place,
    repository: parts.repository,
    request: (request) => requestOf(session, request),
    pause: (ms) => rest(parts.clock, ms * (1 + jitter(parts.random)), parts.signal),
    close: () => client?.close(),
  };
}

interface Session {
  readonly parts: RegistryParts;
  readonly send: Send;
  /** Known once the registry has answered. */
  scheme: "https" | "http" | undefined;
  /** By access. */
  readonly tokens: Map<string, Token>;
  credential: Promise<Result<Credential | undefined, ImageFault>> | undefined;
  isBasic: boolean;
  challenge: Challenge | undefined;
}

type Answer = Result<Response, TryFault | ImageFault>;

async function requestOf(session: Session, request: RegistryRequest): Promise<Answer> {
  const { clock, random, signal } = session.parts;
  for (let count = 1;; count++) {
    const answer = await signedIn(session, request);
    if (answer.ok || count === TRIES || answer.error.kind !== "registry" || !isWorthAgain(answer.error)) {
      return answer.ok ? answer : err(withoutPause(answer.error));
    }
    if (signal?.aborted !== true) await rest(clock, retryPauseMs(random, count, answer.error), signal);
    if (signal?.aborted === true) return err(interrupted(request.action));
  }
}

/** An interrupt ends it. */
async function rest(clock: Clock, pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(pauseMs, signal).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}

function interrupted(action: string): ImageFault {
  return { kind: "image", message: `${action}: it was interrupted` };
}

/** One try, with signing in where the registry asks for it. */
async function signedIn(session: Session, request: RegistryRequest): Promise<Answer> {
  const first = await answerOf(session, request);
  if (first.ok || first.error.kind !== "registry" || first.error.status !== 401) return first;
  const signed = await signIn(session, request, first.error.challenges ?? []);
  if (!signed.ok) return signed;
  return signed.value === "nothing" ? first : await answerOf(session, request);
}

async function signIn(
  session: Session,
  { access, action }: RegistryRequest,
  challenges: readonly Challenge[],
): Promise<Result<"done" | "nothing", RegistryFault | ImageFault>> {
  const { parts, send } = session;
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  const basic = challenges.find(({ scheme }) => scheme === "basic");
  const wasToken = session.tokens.has(access);
  session.tokens.delete(access);
  const from = new URL(`${session.scheme ?? "https"}://${parts.place.apiHost}/v2/`);
  const nowMs = parts.clock.monotonicMs();
  const { repository } = parts;
  const scopes = [`repository:${repository}:${SCOPES[access]}`];
  // A pull is anybody's first.
  if (bearer !== undefined && access === "pull" && !wasToken) {
    const token = await fetchToken(send, { challenge: bearer, credential: undefined, from, nowMs, scopes });
    if (token.ok) return keep(session, access, token.value);
  }
  session.credential ??= parts.credential();
  const credential = await session.credential;
  if (!credential.ok) return credential;
  if (bearer !== undefined) {
    if (credential.value === undefined && (wasToken || access === "pull")) return ok("nothing");
    const token = await fetchToken(send, {
      challenge: bearer,
      credential: credential.value,
      from,
      nowMs,
      scopes,
    });
    return token.ok ? keep(session, access, token.value) : token;
  }
  if (basic === undefined || credential.value?.kind !== "password" || session.isBasic) return ok("nothing");
  if (from.protocol === "http:" && parts.place.schemes[0] === "https" && parts.place.schemes.length === 1) {
    return err({ kind: "image", message: `${action}: a password is not sent without encryption` });
  }
  session.isBasic = true;
  return ok("done");
}

function keep(session: Session, access: string, token: Token): Result<"done", never> {
  session.tokens.set(access, token);
  return ok("done");
}

async function answerOf(session: Session, request: RegistryRequest): Promise<Answer> {
  const { place } = session.parts;
  const schemes = session.scheme === undefined ? place.schemes : [session.scheme];
  let answer: Answer | undefined;
  for (const scheme of schemes) {
    answer = await follow(session, request, new URL(request.target, `${scheme}://${place.apiHost}/v2/`));
    const isAnswered = answer.ok || answer.error.kind !== "registry" || answer.error.status !== 0;
    if (!isAnswered) continue;
    session.scheme = scheme;
    return answer;
  }
  return answer ?? err({ kind: "image", message: `${request.action}: no way to reach "${place.host}"` });
}

async function follow(session: Session, request: RegistryRequest, start: URL): Promise<Answer> {
  let url = start;
  for (let count = 0; count <= REDIRECT_LIMIT; count++) {
    const response = await sendOnce(session, request, url);
    if (!response.ok) return response;
    const { status } = response.value;
    const location = response.value.headers.get("location");
    if (!REDIRECTS.has(status) || location === null || !FOLLOWED.has(request.method)) {
      return await answered(
        request.action,
        url,
        () => judged(session, request, { url, response: response.value }),
      );
    }
    await response.value.body?.cancel();
    const next = new URL(location, url);
    const fault = urlFault(next, url);
    if (fault !== undefined) return err(refusedUrl(request.action, url, fault));
    url = next;
  }
  return err(refusedUrl(request.action, start, "it leads from one place to the next without an end"));
}

/** The registry led somewhere it may not lead. */
export function refusedUrl(action: string, url: URL, fault: string): RegistryFault {
  return {
    kind: "registry",
    status: 403,
    codes: [],
    message: `${action}: "${url.host}" leads elsewhere, and ${fault}`,
  };
}

async function sendOnce(
  session: Session,
  { action, access, body, expectedBytes = 0, headers, method }: RegistryRequest,
  url: URL,
): Promise<Answer> {
  const authorization = url.host === session.parts.place.apiHost
    ? await authorizationOf(session, access)
    : undefined;
  const timeoutMs = ANSWER_MS + ((body?.length ?? 0) + expectedBytes) / LEAST_BYTES_PER_MS;
  return await answered(action, url, async () =>
    ok(
      await session.send(url, {
        method,
        headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
        signal: endOf(session, timeoutMs),
        ...(body === undefined ? {} : { body }),
      }),
    ));
}

function endOf({ parts: { signal } }: Session, timeoutMs: number): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}

/** A connection that fails, also in the middle of an answer, is no answer. */
async function answered(action: string, url: URL, exchange: () => Promise<Answer>): Promise<Answer> {
  try {
    return await exchange();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return err(permissionFault(action, `--allow-net=${url.host}`));
    }
    if (!(error instanceof Error)) throw error;
    return err(noAnswer(action, url, error));
  }
}

async function authorizationOf(session: Session, access: RegistryAccessKind): Promise<string | undefined> {
  const token = session.tokens.get(access) ?? (access === "pull" ? session.tokens.get("push") : undefined);
  if (token !== undefined && token.untilMs > session.parts.clock.monotonicMs()) return `Bearer ${token.text}`;
  const credential = session.isBasic ? await session.credential : undefined;
  return credential?.ok === true && credential.value?.kind === "password"
    ? basicHeader(credential.value)
    : undefined;
}

async function judged(
  session: Session,
  { action, wanted }: RegistryRequest,
  { response, url }: { readonly response: Response; readonly url: URL },
): Promise<Answer> {
  const { headers, status } = response;
  if (wanted.includes(status)) return ok(response);
  const text = await limitedText(response, FAULT_LIMIT_BYTES);
  return err({
    ...registryFault(action, url, { status, text }),
    challenges: parseChallenges(headers.get("www-authenticate") ?? ""),
    pauseMs: pauseOf(headers.get("retry-after"), session.parts.clock.wallMs()),
  });
}

function withoutPause(fault: TryFault | ImageFault): RegistryFault | ImageFault {
  if (fault.kind !== "registry") return fault;
  const { codes, hint, kind, message, status } = fault;
  return hint === undefined ? { kind, status, codes, message } : { kind, status, codes, message, hint };
}
