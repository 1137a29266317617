// What the service prints, taken out of its page. A document that is read like this runs no script and
// loads nothing. Its style is the same file as this page's own, and stays behind: this page's policy lets
// none in that stands in a document.

const STYLE = /<style>[^<]*<\/style>/;

export interface Sheet {
  title: string;
  main: HTMLElement;
}

export function sheet(html: string): Sheet | null {
  const page = new DOMParser().parseFromString(html.replace(STYLE, ""), "text/html");
  const main = page.querySelector("main");
  return main ? { title: page.title, main } : null;
}
