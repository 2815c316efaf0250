import type { IConstruct } from "constructs";
import type { AppNaming } from "../naming/app-naming";

/** An app of a platform, as other constructs need to know it. */
export interface IApp extends IConstruct {
  /** The app's name: `convex`. */
  readonly appName: string;

  /** Every name that the convention gives to the app. */
  readonly naming: AppNaming;

  /** The NATS account that the app's data is in: `PROD`, or `PROD_CONVEX` for an isolated app. */
  readonly accountName: string;
}
