import { answering, answeringByImport, crossing } from "./families/crossing";
import { directGet, directGetBatch, messageGet } from "./families/direct";
import { externalDelivery, externalSource } from "./families/external";
import { acknowledging, fetching, fetchingSubscribed } from "./families/fetch";
import { headersFamily, tracing } from "./families/headers";
import { asking, mapping, ownAnswers, publishing } from "./families/plain";
import { pushing, pushingControlled, pushingHeaders, pushingSubscribed } from "./families/push";
import { republishing } from "./families/republish";
import { batched, mirrored, scheduled, sourced } from "./families/stored";
import type { Family } from "./family";

/** Every way in which messages come from somewhere. */
export const FAMILIES: readonly Family[] = [
  publishing,
  asking,
  ownAnswers,
  mapping,
  headersFamily,
  tracing,
  crossing,
  answeringByImport,
  directGet,
  directGetBatch,
  messageGet,
  fetching,
  fetchingSubscribed,
  acknowledging,
  pushing,
  pushingSubscribed,
  pushingControlled,
  pushingHeaders,
  republishing,
  sourced,
  mirrored,
  scheduled,
  batched,
  externalDelivery,
  externalSource,
  answering,
];
