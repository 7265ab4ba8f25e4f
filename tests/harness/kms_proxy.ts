/** What a proxy does with a request: sends it on, never answers, or answers itself. */
export type KmsAnswer =
  | "pass"
  | "hang"
  | { readonly status: number; readonly body: string };

/** An error of KMS, as it is written on the wire. */
export function kmsError(code: string, status = 400): KmsAnswer {
  return { status, body: JSON.stringify({ __type: code, message: "told by the test" }) };
}

/** Stands before a KMS, counts what is asked of it, and fails as a test wishes. */
export class KmsProxy implements AsyncDisposable {
  readonly url: string;
  /** What becomes of the request, by its operation and how often that was asked for before. */
  answer: (operation: string, count: number) => KmsAnswer = () => "pass";
  readonly #target: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #counts = new Map<string, number>();
  /** What those get whom nobody answered, when the test is over. */
  readonly #late = Promise.withResolvers<Response>();

  constructor(target: string) {
    this.#target = target;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#serve(request),
    );
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** How often an operation was asked for. */
  count(operation: string): number {
    return this.#counts.get(operation) ?? 0;
  }

  async #serve(request: Request): Promise<Response> {
    const operation = (request.headers.get("x-amz-target") ?? "").replace("TrentService.", "");
    const count = this.count(operation);
    this.#counts.set(operation, count + 1);
    const body = await request.bytes();
    const answer = this.answer(operation, count);
    if (answer === "hang") return await this.#late.promise;
    if (answer !== "pass") return new Response(answer.body, { status: answer.status });
    return await fetch(this.#target, { method: "POST", headers: request.headers, body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#late.resolve(new Response(null, { status: 504 }));
    await this.#server.shutdown();
  }
}
