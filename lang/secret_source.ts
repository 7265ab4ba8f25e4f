import { CIPHERTEXT_PREFIX, parseCiphertext } from "../engine/ciphertext.ts";
import { Secret, Unknown, type Value } from "../engine/value.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";
import { positionAt } from "./source_text.ts";
import { nameText } from "./syntax_text.ts";
import type { SecretNode, SecretSourceNode, TokenIndex } from "./syntax_tree.ts";

/** Where the text of a secret comes from, when it does not stand in the files in clear. */
export type SecretSource =
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "command"; readonly program: string; readonly args: readonly string[] }
  /** `place` is where it stands in the files, as `secretPlaces` says it: it opens nowhere else. */
  | { readonly kind: "ciphertext"; readonly text: string; readonly place: string };

/** A source, and where the files ask for it. */
export interface WantedSecret {
  readonly source: SecretSource;
  /** `file:line:column`. */
  readonly origin: string;
}

/** Why a secret cannot be had. */
export interface SecretFault {
  /** Sentence case, no full stop; never the text of a secret, nor a part of one. */
  readonly message: string;
  readonly hint?: string;
}

/**
 * Answers with the text of a secret, with what keeps it from being had, or with an `Unknown` where it has not been looked for:
 * by those who must not, or not yet.
 */
export type ReadSecret = (
  wanted: WantedSecret,
) =>
  | string
  | Unknown
  | { readonly text: string; readonly warning: string }
  | { readonly fault: SecretFault };

/** Answers for every secret that it is not known: for commands that look at nothing outside the files. */
export function unreadSecret({ source }: WantedSecret): Unknown {
  return new Unknown(source.kind === "ciphertext" ? "secret(…)" : `secret_${source.kind}(…)`);
}

/** `secret("TEXT")`, where the text may be a ciphertext. */
export function readSecretText(work: ExpandWork, scope: Scope, node: SecretNode): Value {
  const text = nameText(scope.tree, node.text);
  if (!text.startsWith(CIPHERTEXT_PREFIX)) return new Secret(text);
  const place = work.places.of(scope.tree, node);
  if (parseCiphertext(text) === undefined) {
    work.findings.report(scope.tree, node, {
      code: "E-SECRET",
      message: "Cannot read the ciphertext: a part of it lacks, or another version of smelt has made it",
      hint: `make one for this place: smelt secrets encrypt "${place}"`,
    });
    return new Unknown("an error in the files");
  }
  return readSource(work, scope, node, { kind: "ciphertext", text, place });
}

/** `secret_env("NAME")`, `secret_file("PATH")`, `secret_command("PROGRAM", "ARG", …)`. */
export function readSecretSource(work: ExpandWork, scope: Scope, node: SecretSourceNode): Value {
  const [first = "", ...args] = node.args.map((token: TokenIndex) => nameText(scope.tree, token));
  switch (node.from) {
    case "env":
      return readSource(work, scope, node, { kind: "env", name: first });
    case "file":
      return readSource(work, scope, node, { kind: "file", path: first });
    case "command":
      return readSource(work, scope, node, { kind: "command", program: first, args });
  }
}

function readSource(
  work: ExpandWork,
  scope: Scope,
  node: SecretNode | SecretSourceNode,
  source: SecretSource,
): Value {
  const { tree } = scope;
  const { line, column } = positionAt(tree.source, tree.tokens.starts[node.first] ?? 0);
  const read = work.secret({ source, origin: `${tree.source.file}:${line}:${column}` });
  if (typeof read === "string") return new Secret(read);
  if (read instanceof Unknown) return read;
  if ("text" in read) {
    work.findings.report(tree, node, { code: "W-SECRET", message: read.warning });
    return new Secret(read.text);
  }
  work.findings.report(tree, node, { code: "E-SECRET", ...read.fault });
  return new Unknown("an error in the files");
}
