import type { Catalog, CatalogRetired } from "./catalog";

/** What a catalog says of what is retired at an address of Terraform's state; nothing, if that is not. */
export const retiredAt = ({ retired = [] }: Pick<Catalog, "retired">, address: string): CatalogRetired | undefined =>
  retired.find((each) => each.address === address);
