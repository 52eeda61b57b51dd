/** Parts of the page by their id. */

/** The element of that id, where the page has it and it is of that kind. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T | null {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}
