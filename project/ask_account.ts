import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import type { Provider } from "../providers/provider.ts";

const ASK_MS = 10_000;

/** Which account the credentials of now reach, for use cases that stand before a run: asked once, and not for long. */
export async function askAccount(
  provider: Provider,
  signal: AbortSignal,
): Promise<Result<string, CallFailure>> {
  return await provider.identity(AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]));
}
