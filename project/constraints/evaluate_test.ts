import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { CallName } from "./call_names.ts";
import { type Datum, type DatumRecord, Fault } from "./datum.ts";
import { evaluate } from "./evaluate.ts";
import type { BinaryOperator, Expression, Loop } from "./expression.ts";
import { WORK_LIMIT } from "./work_budget.ts";

/** The fields of the made-up resource, one of each kind. */
const NAMES = ["number", "truth", "list", "text"] as const;

const numbers = fc.constantFrom<Datum>(0n, 1n, 2n, 0.5, 2n ** 63n - 1n);
const texts = fc.constantFrom<Datum>("", "a", "ab", "1");
const plain = {
  number: numbers,
  truth: fc.boolean(),
  list: fc.array(texts, { maxLength: 3 }),
  text: texts,
};

/** What a field is, and what it turns out to be. */
type Given = readonly [before: Datum, after: Datum];

/** A record whose values are partly hidden by `hole`, and the same record with what was behind. */
function selves(hole: Fault, after: "present" | "maybe"): fc.Arbitrary<readonly [DatumRecord, DatumRecord]> {
  const given = (values: fc.Arbitrary<Datum>): fc.Arbitrary<Given> => {
    const revealed = after === "maybe"
      ? fc.oneof({ weight: 3, arbitrary: values }, fc.constant(null))
      : values;
    return fc.oneof(
      fc.oneof(values, fc.constant(null)).map((value): Given => [value, value]),
      revealed.map((value): Given => [hole, value]),
    );
  };
  const element = fc.tuple(texts, fc.boolean()).map((
    [text, isHidden],
  ): Given => [isHidden ? hole : text, text]);
  const list = fc.array(element, { maxLength: 3 }).map((parts): Given => [
    parts.map(([before]) => before),
    parts.map(([, after]) => after),
  ]);
  return fc.tuple(
    given(plain.number),
    given(plain.truth),
    fc.oneof(given(plain.list), list),
    given(plain.text),
  ).map((fields) =>
    [selfOf(fields.map(([before]) => before)), selfOf(fields.map(([, after]) => after))] as const
  );
}

/** As fields become `self`: what is null is not there. */
function selfOf(values: readonly Datum[]): DatumRecord {
  const entries = NAMES.map((name, index) => [name, values[index] ?? null] as const);
  return {
    entries: new Map(entries.filter(([, value]) => value !== null)),
    absent: new Map(entries.filter(([, value]) => value === null)),
  };
}

const SELF: Expression = { kind: "name", name: "self" };
const name = (name: string): fc.Arbitrary<Expression> => fc.constant({ kind: "name", name });
const literal = (
  ...values: readonly (boolean | bigint | number | string | null)[]
): fc.Arbitrary<Expression> =>
  fc.constantFrom(...values).map((value): Expression => ({ kind: "literal", value }));
const binary = (
  operators: readonly BinaryOperator[],
  left: fc.Arbitrary<Expression>,
  right: fc.Arbitrary<Expression>,
) =>
  fc.tuple(fc.constantFrom(...operators), left, right).map(([operator, left, right]): Expression => (
    { kind: "binary", operator, left, right }
  ));
const loop = (loops: readonly Loop[], range: fc.Arbitrary<Expression>, body: fc.Arbitrary<Expression>) =>
  fc.tuple(fc.constantFrom(...loops), range, body).map(([loop, range, body]): Expression => (
    { kind: "loop", loop, range, variable: "each", body }
  ));
const call = (name: CallName, ...args: readonly fc.Arbitrary<Expression>[]) =>
  fc.tuple(...args).map((args): Expression => ({ kind: "call", name, args }));

const { truth } = fc.letrec<Record<"truth" | "number" | "text" | "list", Expression>>((tie) => {
  const [truth, number, text, list] = [tie("truth"), tie("number"), tie("text"), tie("list")];
  const self = fc.constant(SELF);
  const size = { depthSize: "small", withCrossShrink: true } as const;
  const field = fc.constantFrom(...NAMES);
  return {
    truth: fc.oneof(
      size,
      name("truth"),
      binary(["==", "!=", "<", "<=", ">", ">="], number, number),
      binary(["==", "!=", "<", ">="], text, text),
      binary(["==", "!="], list, list),
      binary(["==", "!="], fc.oneof(name("number"), name("text"), self), fc.oneof(literal(null), self)),
      binary(["in"], text, fc.oneof(list, self)),
      binary(["in"], literal(...NAMES, "other"), self),
      truth.map((operand): Expression => ({ kind: "not", operand })),
      fc.tuple(fc.constantFrom<"&&" | "||">("&&", "||"), truth, truth).map((
        [operator, left, right],
      ): Expression => (
        { kind: "logic", operator, left, right }
      )),
      fc.tuple(truth, truth, truth).map(([condition, then, otherwise]): Expression => (
        { kind: "choice", condition, then, otherwise }
      )),
      field.map((field): Expression => ({ kind: "has", operand: SELF, field })),
      loop(["all", "exists", "exists_one"], fc.oneof(list, list, self), truth),
      call("contains", text, text),
    ),
    number: fc.oneof(
      size,
      name("number"),
      literal(0n, 1n, 0.5),
      call("size", fc.oneof(list, list, text, self)),
      call("int", text),
      binary(["+", "-", "*", "/", "%"], number, number),
      number.map((operand): Expression => ({ kind: "negate", operand })),
    ),
    text: fc.oneof(
      size,
      name("text"),
      name("each"),
      literal("a", "1"),
      call("join", list, text),
      call("string", number),
      fc.tuple(list, number).map(([operand, index]): Expression => ({ kind: "index", operand, index })),
      fc.constant<Expression>({ kind: "select", operand: SELF, field: "text" }),
    ),
    list: fc.oneof(
      size,
      name("list"),
      fc.array(text, { maxLength: 2 }).map((elements): Expression => ({ kind: "list", elements })),
      loop(["filter"], fc.oneof(list, self), truth),
      loop(["map"], list, text),
      binary(["+"], list, list),
      call("split", text, literal("a")),
    ),
  };
});

/** Checks that whatever is told while something is hidden is told too when it is seen, and that enough is told. */
function holdsWhenSeen(hidden: fc.Arbitrary<readonly [DatumRecord, DatumRecord]>): void {
  let toldCount = 0;
  fc.assert(
    fc.property(truth, hidden, (expression, [before, after]) => {
      const { outcome } = evaluate(expression, before);
      if (outcome instanceof Fault) return;
      toldCount++;
      strictEqual(evaluate(expression, after).outcome, outcome);
    }),
    { numRuns: 5_000 },
  );
  ok(toldCount > 500, `told ${toldCount} times`);
}

Deno.test("C1: evaluate() says nothing of unknown values that any of them could change", () => {
  holdsWhenSeen(selves(new Fault("unknown", "net.a"), "maybe"));
});

Deno.test("C2: evaluate() tells nothing of a secret but that it is there", () => {
  holdsWhenSeen(selves(new Fault("secret", "password"), "present"));
});

Deno.test("C3: evaluate() ends soon, however deep its loops are", () => {
  const elements = Array.from({ length: 2_000 }, (_, index): Datum => BigInt(index));
  const range: Expression = { kind: "name", name: "number" };
  let expression: Expression = { kind: "literal", value: true };
  for (const variable of ["v", "w", "x", "y", "z"]) {
    expression = { kind: "loop", loop: "all", range, variable, body: expression };
  }
  const startedMs = performance.now();
  const { outcome } = evaluate(expression, selfOf([elements]));
  ok(outcome instanceof Fault && outcome.detail === `it takes more than ${WORK_LIMIT} steps`);
  ok(performance.now() - startedMs < 2_000);
});
