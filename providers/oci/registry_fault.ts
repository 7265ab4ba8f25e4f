import type { ImageFault } from "./image_fault.ts";

/** What a registry answered instead of what was asked for (OCI distribution-spec, "Error Codes"). */
export interface RegistryFault extends Omit<ImageFault, "kind"> {
  readonly kind: "registry";
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The registry's own words for it, for example `MANIFEST_UNKNOWN`. */
  readonly codes: readonly string[];
}

const LIMIT_CHARACTERS = 300;

/** Reads what a registry said; `action` begins the message. Nothing of the URL's query is told: it may hold a token. */
export function registryFault(
  action: string,
  url: URL,
  { status, text }: { readonly status: number; readonly text: string },
): RegistryFault {
  const errors = errorsIn(text);
  const said = errors.map(({ code, message }) => [code, message].filter((part) => part !== "").join(": "));
  const words = said.length === 0 ? STATUS_WORDS[status] ?? "" : said.join("; ").slice(0, LIMIT_CHARACTERS);
  const answer = `${status}${words === "" ? "" : `, ${words}`}`;
  const hint = HINTS[status];
  return {
    kind: "registry",
    status,
    codes: errors.map(({ code }) => code),
    message: `${action}: "${url.host}" answered ${answer}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** There was no answer. */
export function noAnswer(action: string, url: URL, error: Error): RegistryFault {
  return {
    kind: "registry",
    status: 0,
    codes: [],
    message: `${action}: "${url.host}" did not answer: ${error.message}`,
  };
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  401: "not signed in",
  403: "not allowed",
  404: "there is no such image",
  413: "too large",
  429: "too many requests",
};

const HINTS: Readonly<Record<number, string>> = {
  401: "Sign in to the registry with docker, podman or skopeo login, or set DOCKER_AUTH_CONFIG",
  403: "The credentials that were found may not do this there",
};

function errorsIn(text: string): readonly { readonly code: string; readonly message: string }[] {
  try {
    const { errors } = JSON.parse(text) ?? {};
    if (!Array.isArray(errors)) return [];
    return errors.map((each) => ({ code: String(each?.code ?? ""), message: String(each?.message ?? "") }));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
