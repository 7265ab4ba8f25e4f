import type { LanguageCase } from "./language_case.ts";

/** Chapter G: what a plan finds to change. */
export const DIFF_CASES: readonly LanguageCase[] = [
  {
    id: "G01",
    title: "nothing changed",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { s { k = 1 } }',
    state: { "a.b": { type: "m.t.A", body: "s { k = 1 }" } },
    want: ["tier 0: none a.b : m.t.A"],
  },
  // A create lists what it sets, as additions: a plan shows all that will be sent. None of them is a change of
  // something that was there.
  {
    id: "G02",
    title: "no state",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { s { k = 1 } }',
    state: {},
    want: ["tier 0: create a.b : m.t.A [add s {k=1}]"],
  },
  {
    id: "G04",
    title: "arrays are compared by element",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { l = [1, 2] }',
    state: { "a.b": { type: "m.t.A", body: "l = [1, 3]" } },
    want: ["tier 0: update a.b : m.t.A [modify l[1] 3 -> 2]"],
  },
  {
    id: "G05",
    title: "object replaced by scalar",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { s = "x" }',
    state: { "a.b": { type: "m.t.A", body: "s { k = 1 }" } },
    want: ['tier 0: update a.b : m.t.A [modify s {k=1} -> "x"]'],
    alike: [{ mode: "plan", source: 'resource a "b" : m.t.A { s = "x" }', want: ['a.b {s="x"}'] }],
  },
  {
    id: "G06",
    title: "gone from the files",
    mode: "plandiff",
    source: "",
    state: { "a.b": { type: "m.t.A", body: "" } },
    want: ["tier 0: delete a.b : m.t.A"],
    alike: [{
      mode: "plandiff",
      source: 'resource a "c" : m.t.A { }\nresource a "d" : m.t.A { needs a.c }',
      state: { "a.b": { type: "m.t.A", body: "" }, "a.c": { type: "m.t.A", body: "" } },
      want: ["tier 0: none a.c : m.t.A", "tier 1: create a.d : m.t.A", "tier 2: delete a.b : m.t.A"],
    }],
  },
  {
    id: "G08",
    title: "bound field in a section does not show as a change",
    mode: "plandiff",
    source: 'resource net "n" : m.t.Net {}\n' +
      'resource sub "s" : m.t.Sub { needs net.n -> net_id conf { size = 1 } }',
    state: {
      "net.n": { type: "m.t.Net", body: "" },
      "sub.s": { type: "m.t.Sub", body: 'conf { size = 1 net_id = "id-1" }' },
    },
    want: ["tier 0: none net.n : m.t.Net", "tier 1: none sub.s : m.t.Sub"],
  },
  {
    id: "G09",
    title: "bound field alone in its section",
    mode: "plandiff",
    source: 'resource net "n" : m.t.Net {}\n' +
      'resource sub "s" : m.t.Sub { needs net.n -> net_id }',
    state: {
      "net.n": { type: "m.t.Net", body: "" },
      "sub.s": { type: "m.t.Sub", body: 'conf { net_id = "id-1" }' },
    },
    want: ["tier 0: none net.n : m.t.Net", "tier 1: none sub.s : m.t.Sub"],
  },
  {
    id: "G11",
    title: "the type of a resource changed",
    mode: "plandiff",
    source: 'resource a "b" : m.t.NEW { k = 1 }',
    state: { "a.b": { type: "m.t.OLD", body: "k = 1" } },
    want: [
      "tier 0: replace a.b : m.t.NEW [its type was m.t.OLD]",
      "step replace a.b",
      "step deleteDeposed a.b",
    ],
  },
  {
    id: "G12",
    title: "secret() against stored ciphertext",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { pw = secret("s3") }',
    state: { "a.b": { type: "m.t.A", body: 'pw = secret("s3")' } },
    want: ["tier 0: none a.b : m.t.A"],
    alike: [{
      mode: "plandiff",
      source: 'resource a "b" : m.t.A { pw = secret("s3") }',
      state: { "a.b": { type: "m.t.A", body: 'pw = secret("s2")' } },
      want: ["tier 0: update a.b : m.t.A [modify pw (sensitive) -> (sensitive)]"],
    }, {
      mode: "plan",
      source: 'resource a "b" : m.t.A { pw = secret("s3") }',
      want: ['a.b {pw=secret("s3")}'],
    }],
  },
  {
    id: "G13",
    title: "1 and 1.0",
    mode: "plandiff",
    source: 'resource a "b" : m.t.A { k = 1 }',
    state: { "a.b": { type: "m.t.A", body: "k = 1.0" } },
    want: ["tier 0: none a.b : m.t.A"],
    alike: [{
      mode: "plandiff",
      source: 'resource a "b" : m.t.A { k = 1.0 }',
      state: { "a.b": { type: "m.t.A", body: "k = 1" } },
      want: ["tier 0: none a.b : m.t.A"],
    }, { mode: "plan", source: 'resource a "b" : m.t.A { k = 1.0 }', want: ["a.b {k=1}"] }],
  },
];
