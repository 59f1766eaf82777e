/** An element that the server has put into the page. @throws Error where page and script do not belong together */
export function element<Kind extends HTMLElement>(
  id: string,
  kind: abstract new (...given: never[]) => Kind,
): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}
