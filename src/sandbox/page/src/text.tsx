// A description or a comment as Trello shows it: paragraphs, lists, bold, mentions, links. The text
// is never put in as HTML.

import type { ComponentChildren } from "preact";

const INLINE = /(\*\*[^*\n]+\*\*|https?:\/\/[^\s)]+|(?<![\w.])@[\w-]+)/g;

function inline(text: string): ComponentChildren[] {
  return text.split(INLINE).map((part) => {
    if (part.startsWith("**") && part.endsWith("**") && part.length > 4) {
      return <strong>{part.slice(2, -2)}</strong>;
    }
    if (/^https?:\/\//.test(part)) {
      return (
        <a href={part} target="_blank" rel="noreferrer">
          {part}
        </a>
      );
    }
    return /^@[\w-]+$/.test(part) ? <span class="mention">{part}</span> : part;
  });
}

export function Text({ text }: { text: string }) {
  const blocks: ComponentChildren[] = [];
  let list: string[] = [];
  const flush = () => {
    if (list.length) {
      blocks.push(
        <ul>
          {list.map((item) => (
            <li>{inline(item)}</li>
          ))}
        </ul>,
      );
    }
    list = [];
  };
  for (const line of text.split("\n")) {
    if (line.startsWith("- ")) {
      list.push(line.slice(2));
    } else {
      flush();
      blocks.push(line.trim() ? <p>{inline(line)}</p> : <div class="gap" />);
    }
  }
  flush();
  return <div class="text">{blocks}</div>;
}
