import type { CallFailure } from "../engine/call_failure.ts";
import { markSensitive, markSensitiveFields } from "../engine/mark_sensitive.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { scrubCallFailure } from "../engine/scrub_event.ts";
import { scrubThrown } from "../engine/scrub_thrown.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import { someValue, type Value } from "../engine/value.ts";
import type { LiveObject, Provider, ToldProgress } from "../providers/provider.ts";
import type { StoredSecrets } from "./stored_secrets.ts";

/** What is held against what a provider says. */
export interface KnownSecrets {
  readonly secrets: SecretRegister;
  /** Opened when a call fails: any of them may stand in what is said then. */
  readonly stored: Pick<StoredSecrets, "noteAll">;
}

/** What was sent with a call. */
type Sent = readonly (Value | undefined)[];

/**
 * A provider that is not trusted with the secrets of others:
 *
 *   W1. What it is sent and what it tells is known as secret from then on, wherever it stands.
 *   W2. Its messages, and what it throws, hold no known secret, of whatever resource.
 *   W3. What the log holds as it is, an id, a precondition, an account, is not taken with a known secret in it, unless it was
 *       sent in clear. That something may have been done is told all the same: the intent stays in doubt.
 *
 * Fields and outputs are marked where it is known what they were before (`markKnown`). A list of everything is taken as it is:
 * what is shown of it is scrubbed, and nothing of it is kept.
 */
export function watchedProvider(provider: Provider, known: KnownSecrets): Provider {
  const watch = new Watch(provider, known);
  return {
    name: provider.name,
    schemas: provider.schemas,
    permissions: (type, fields) => provider.permissions(type, fields),
    check: (type, fields) => watch.ask([], () => provider.check(type, fields)),
    async identity(signal) {
      const account = await watch.ask([], () => provider.identity(signal));
      return account.ok ? watch.keep(account.value, account.value, []) : account;
    },
    async read(request, signal) {
      const sent = [request.applied, request.outputs, request.id];
      const found = await watch.ask(sent, () => provider.read(request, signal));
      return found.ok && found.value !== undefined ? watch.take(request.type, found.value, sent) : found;
    },
    async create(request, signal) {
      const sent = [request.fields];
      const accepted = (id: string) => {
        if (watch.keep(id, id, sent).ok) request.accepted(id);
      };
      const told = { ...request, accepted, ...watch.progress(request, sent) };
      const made = await watch.ask(sent, () => provider.create(told, signal));
      return made.ok ? watch.take(request.type, made.value, sent) : made;
    },
    async update(request, signal) {
      const sent = [request.before, request.after, request.id];
      const told = { ...request, ...watch.progress(request, sent) };
      const changed = await watch.ask(sent, () => provider.update(told, signal));
      return changed.ok ? watch.take(request.type, changed.value, sent) : changed;
    },
    delete: (request, signal) => watch.ask([request.applied], () => provider.delete(request, signal)),
    async list(request, signal) {
      const listed = await watch.ask([], () => provider.list(request, signal));
      const { token, uniqueName } = request;
      if (!listed.ok || (token === undefined && uniqueName === undefined)) return listed;
      const refused = listed.value.map((each) => watch.take(request.type, each, [uniqueName]))
        .find((each) => !each.ok);
      return refused ?? listed;
    },
  };
}

class Watch {
  readonly #provider: Provider;
  readonly #secrets: SecretRegister;
  readonly #stored: KnownSecrets["stored"];

  constructor(provider: Provider, { secrets, stored }: KnownSecrets) {
    this.#provider = provider;
    this.#secrets = secrets;
    this.#stored = stored;
  }

  /** Makes a call; what goes wrong is told without any known secret. */
  async ask<Told>(
    sent: Sent,
    call: () => Promise<Result<Told, CallFailure>>,
  ): Promise<Result<Told, CallFailure>> {
    for (const value of sent) if (value !== undefined) this.#secrets.note(value);
    const answer = await calling(call).catch(async (thrown: unknown) => {
      await this.#stored.noteAll();
      throw scrubThrown(this.#secrets, thrown);
    });
    if (answer.ok) return answer;
    await this.#stored.noteAll();
    return err(scrubCallFailure(this.#secrets, answer.error));
  }

  /** What was told of an object, with its secrets known. */
  take<Told extends LiveObject>(type: string, told: Told, sent: Sent): Result<Told, CallFailure> {
    const schema = this.#provider.schemas.find((each) => each.type === type);
    this.#secrets.note(markSensitiveFields(told.fields, schema?.sections ?? []));
    this.#secrets.note(markSensitive(told.outputs, schema?.outputs ?? []));
    return this.keep(`${told.id}\n${told.precondition ?? ""}`, told, sent);
  }

  /** Progress, where somebody listens; a step that carries a secret is not told. */
  progress(
    { progressed }: { readonly progressed?: ToldProgress },
    sent: Sent,
  ): { readonly progressed?: ToldProgress } {
    if (progressed === undefined) return {};
    return {
      progressed: (step, facts) => {
        const inClear = [step, ...Object.entries(facts).flat()].join("\n");
        if (this.keep(inClear, step, sent).ok) progressed(step, facts);
      },
    };
  }

  /** `told`, unless what the log would hold of it in clear carries a secret that was not sent in clear. */
  keep<Told>(inClear: string, told: Told, sent: Sent): Result<Told, CallFailure> {
    const carries = (value: Value) => typeof value === "string" && this.#secrets.isIn(value);
    const isSent = () => sent.some((value) => value !== undefined && someValue(value, carries));
    if (!carries(inClear) || isSent()) return ok(told);
    return err({
      kind: "Internal",
      retry: "never",
      certainty: "unknown",
      message:
        `The provider "${this.#provider.name}" names something by the text of a secret, which is not kept`,
    });
  }
}

/** A provider may throw before it gives a promise. */
async function calling<T>(call: () => Promise<T>): Promise<T> {
  return await call();
}
