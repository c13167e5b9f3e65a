/** A start that a person can mend: the message says what to do, so it is shown without a stack. */
export abstract class StartError extends Error {}
