import { visible } from "../../problems/visible";
import type { Notice } from "./unit";

const KINDS: { readonly [kind in Notice["kind"]]: string } = {
  waiting: "waits",
  refused: "is refused, and stays as it was",
  held: "is held, and stays as it was",
  unreadable: "stays as it is, since its documents cannot be read",
};

/** What is not followed, in a line. */
export const noticeText = ({ platform, stack, kind, why }: Notice): string =>
  visible(`${stack === undefined ? `platform ${platform}` : `stack ${stack} of ${platform}`} ${KINDS[kind]}: ${why}`);
