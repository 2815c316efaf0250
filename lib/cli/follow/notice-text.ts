import { visible } from "../../problems/visible";
import type { Notice } from "./unit";

const KINDS: { readonly [kind in Notice["kind"]]: string } = {
  waiting: "waits",
  refused: "is refused, and stays as it was",
  held: "is held, and stays as it was",
  unreadable: "stays as it is, since its documents cannot be read",
};

/** What is not followed, in a line. */
export const noticeText = ({ platform, app, stack, kind, why }: Notice): string => {
  const whose = app === undefined ? `platform ${platform}` : `app ${app} of ${platform}`;
  const what = stack === undefined ? whose : `stack ${stack} of ${app === undefined ? platform : whose}`;
  return visible(`${what} ${KINDS[kind]}: ${why}`);
};
