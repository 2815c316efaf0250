/** The name of the command. */
export const PROGRAM = "cdktf-nats-platform";
