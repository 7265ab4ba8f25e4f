import type { Head } from "./journal_port.ts";

/**
 * The text of a signed checkpoint, in the form of https://c2sp.org/tlog-checkpoint: origin, number of records and root of the
 * tree over them (RFC 6962), each on a line, and three lines of our own for what else it binds.
 *
 *   smelt/<project>/<environment>/<stream>
 *   12
 *   <root over the records, base64>
 *   record <hash of record 12, hex>
 *   state <root over the resources, hex>
 *   object <hash of everything folded, hex>
 */
export interface CheckpointStatement extends CheckpointOrigin {
  /** The last record that it covers; `seq` is the size of the tree. */
  readonly head: Head;
  /** Root over the records, 64 hex digits like those below. */
  readonly recordRoot: string;
  /** As in `CheckpointTaken`. */
  readonly root: string;
  /** As in `CheckpointTaken`. */
  readonly object: string;
}

/** Which log it is of. Its origin is also the name under which keys of the log sign notes. */
export interface CheckpointOrigin {
  /** The id of the project, as record 1 holds it. */
  readonly project: string;
  readonly environment: string;
  /** Hash of record 1. */
  readonly stream: string;
}

const ORIGIN_REGEXP = /^smelt\/([^/]+)\/([^/]+)\/([0-9a-f]{64})$/;
const TEXT_REGEXP =
  /^(.+)\n([1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nrecord ([0-9a-f]{64})\nstate ([0-9a-f]{64})\nobject ([0-9a-f]{64})\n$/;

/** Writes the origin. What an id of a project may hold and an origin may not is percent-encoded (RFC 3986). */
export function checkpointOrigin({ project, environment, stream }: CheckpointOrigin): string {
  return `smelt/${encodeURIComponent(project)}/${environment}/${stream}`;
}

/** Writes the text that is signed. */
export function statementText(statement: CheckpointStatement): string {
  const { head, object, recordRoot, root } = statement;
  const lines = [
    checkpointOrigin(statement),
    `${head.seq}`,
    Uint8Array.fromHex(recordRoot).toBase64(),
    `record ${head.hash}`,
    `state ${root}`,
    `object ${object}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Reads the text; `undefined` when it is not exactly what `statementText` writes. */
export function parseStatement(text: string): CheckpointStatement | undefined {
  const [, origin = "", seq = "", base64 = "", hash = "", root = "", object = ""] = TEXT_REGEXP.exec(text) ??
    [];
  const from = parseOrigin(origin);
  if (from === undefined) return undefined;
  const head = { seq: Number(seq), hash };
  const statement = { ...from, head, recordRoot: Uint8Array.fromBase64(base64).toHex(), root, object };
  return Number.isSafeInteger(head.seq) && statementText(statement) === text ? statement : undefined;
}

function parseOrigin(origin: string): CheckpointOrigin | undefined {
  const [, encoded = "", environment = "", stream = ""] = ORIGIN_REGEXP.exec(origin) ?? [];
  try {
    return stream === "" ? undefined : { project: decodeURIComponent(encoded), environment, stream };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
