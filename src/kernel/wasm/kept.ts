/**
 * What is worth keeping from one process to the next: bytes by a text that names all that they were made of. Where they are
 * kept is for the outside to say; whoever finds some checks their form, and makes again what does not have it.
 */
export interface KeptStore {
  /** The very bytes that were kept, at an address that is a multiple of 8; null where there are none. */
  find(key: string): Uint8Array | null;
  /** May do nothing. */
  keep(key: string, bytes: Uint8Array): void;
}
