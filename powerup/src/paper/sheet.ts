// What the service prints, taken out of its page. A document that is read like this runs no script and
// loads nothing; its style is the same file as this page's own.

export interface Sheet {
  title: string;
  main: HTMLElement;
}

export function sheet(html: string): Sheet | null {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  return main ? { title: page.title, main } : null;
}
