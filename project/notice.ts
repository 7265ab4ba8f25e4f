/** What a person should know of a command, and what changes nothing of how it ended. */
export interface Notice {
  /**
   * `PinNotMoved`: this user's own pin stays where it was. `Unpinned`: this user has no pin of the log that was opened.
   * `StatementDone`: a `moved`, `removed` or `import` of which nothing is left to do. `Resumes`: which run the command takes up.
   * `LossAccepted`: a pin names a record that a restored log has lost, rightly. `LossOpen`: what a
   * restored log has lost is not settled, so that all objects were read.
   * `Unread`: an object of which nothing can be told. `Undecidable`: drift that nobody but the provider can put back.
   */
  readonly kind:
    | "PinNotMoved"
    | "Unpinned"
    | "StatementDone"
    | "Resumes"
    | "Unread"
    | "Undecidable"
    | "LossAccepted"
    | "LossOpen";
  /** Sentence without its capital, to follow `note:` or `warning:`; no full stop. */
  readonly message: string;
  readonly hint?: string;
}
