import { formatInstant } from "../engine/clock.ts";
import { type Field, type Fields, fieldsFault, type Shape } from "../engine/event_codec_shape.ts";
import type { JsonObject } from "../engine/json.ts";

const TEXT = required({ kind: "text" });
const TEXTS = required({ kind: "texts" });
const NUMBER = required({ kind: "wholeNumber" });
const ENCODED = required({ kind: "encoded" });
const NAMES = required(listOf({ kind: "text" }));

const SOURCE = fields({ address: TEXT, output: TEXT });

const FACTS = fields({
  id: TEXT,
  fields: ENCODED,
  outputs: ENCODED,
  precondition: optional({ kind: "text" }),
});

const BINDING = fields({
  path: required(fields({ section: TEXT, field: TEXT })),
  sources: required(listOf(SOURCE)),
  shape: required({ kind: "word", words: ["single", "list", "joined"] }),
});

const WANTED = fields({
  type: TEXT,
  schemaVersion: NUMBER,
  fields: ENCODED,
  bindings: required(listOf(BINDING)),
  triggers: required(listOf(SOURCE)),
  dependencies: NAMES,
  description: required(fields({
    intent: optional({ kind: "text" }),
    owner: optional({ kind: "text" }),
    retained: optional({ kind: "true" }),
  })),
  isProtected: required({ kind: "boolean" }),
  deadlinesMs: required(fields({ create: NUMBER, update: NUMBER, delete: NUMBER })),
});

const RESOURCE = fields({
  address: TEXT,
  tier: NUMBER,
  ignored: NAMES,
  wanted: optional(WANTED),
  moved: optional(fields({ from: TEXT })),
  imported: optional(
    fields({ resourceType: TEXT, schemaVersion: NUMBER, facts: required(FACTS), inputs: ENCODED }),
  ),
  read: optional({ kind: "nullable", inner: FACTS }),
  asked: optional({ kind: "word", words: ["replace", "remove"] }),
});

const SEED = fields({
  command: required({ kind: "word", words: ["apply", "destroy"] }),
  resources: required(listOf(RESOURCE)),
  beside: required(
    listOf(fields({ address: TEXT, read: required({ kind: "nullable", inner: FACTS }) })),
  ),
  readSet: required(listOf(fields({ address: TEXT, version: NUMBER }))),
  outputs: required(listOf(fields({ name: TEXT, address: TEXT, path: TEXT }))),
  leftOut: NAMES,
});

const BODY: Fields = {
  schema: TEXT,
  by: TEXT,
  stream: TEXT,
  smelt: TEXT,
  environment: TEXT,
  head: required(fields({ seq: NUMBER, hash: TEXT })),
  madeAt: TEXT,
  expiresAt: TEXT,
  files: NAMES,
  basis: TEXTS,
  accounts: TEXTS,
  plan: required(SEED),
};

/** What keeps a signed file from being a saved plan in the form that smelt writes: nothing lacks, and nothing stands beside. */
export function savedPlanFault(body: JsonObject): string | undefined {
  const fault = fieldsFault(body, BODY);
  if (fault !== undefined) return `it${fault.message}`;
  // The shape has been found right.
  const { expiresAt, madeAt, plan } = body as unknown as PlacedBody;
  if (!isInstant(expiresAt)) return "it names no time to expire at";
  if (!isInstant(madeAt)) return "it names no time when it was made";
  const seen = new Set<string>();
  const pinned = plan.readSet.find(({ address }) => seen.size === seen.add(address).size);
  if (pinned !== undefined) return `it pins ${pinned.address} twice`;
  const both = plan.resources.find((each) => each.moved !== undefined && each.imported !== undefined);
  return both === undefined ? undefined : `it both moves ${both.address} and takes it over`;
}

/** What a body of the right shape is asked for besides. */
interface PlacedBody {
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly plan: {
    readonly readSet: readonly { readonly address: string }[];
    readonly resources: readonly {
      readonly address: string;
      readonly moved?: object;
      readonly imported?: object;
    }[];
  };
}

/** Whether a text is a time as smelt writes it, which is shown as it stands. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && formatInstant(ms) === text;
}

function required(shape: Shape): Field {
  return { shape, required: true };
}

function optional(shape: Shape): Field {
  return { shape, required: false };
}

function listOf(element: Shape): Shape {
  return { kind: "list", element };
}

function fields(each: Fields): Shape {
  return { kind: "fields", fields: each };
}
