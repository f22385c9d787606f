import { RunError } from "@pulumi/pulumi";

/** Ends a run with a sentence, before anything is touched; Pulumi shows it without a stack trace. */
export class Refusal extends RunError {
  constructor(sentence: string) {
    super(sentence);
    this.name = "Refusal";
    // Never shown, and frames as Pulumi's source maps name them keep Node 20 busy for 15 s (util.inspect).
    this.stack = sentence;
  }
}
