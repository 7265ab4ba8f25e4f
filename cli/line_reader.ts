/** Yields the lines of a stream of bytes, without their ends; the stream is touched only when a line is asked for. */
export async function* readLines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map((each) => each.replace(/\r$/, ""));
  }
  if (rest !== "") yield rest;
}
