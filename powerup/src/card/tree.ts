// The judge's findings, made ready to be shown: what is still to do keeps its tree, what is done is
// one flat list. Alternatives count as one thing.

import type { Field, Finding } from "../contract";

export interface Split {
  /** Only what is not done, in its groups. */
  todo: Finding[];
  /** Single things that are done. */
  done: Finding[];
}

export function split(finding: Finding): Split {
  if (finding.kind === "leaf") return finding.ok ? { todo: [], done: [finding] } : { todo: [finding], done: [] };
  if (finding.kind === "any") {
    // One way is enough: the others are no longer anybody's task.
    if (finding.ok) return { todo: [], done: finding.parts.filter((part) => part.ok).flatMap((part) => split(part).done) };
    return { todo: [finding], done: [] };
  }
  const parts = finding.parts.map(split);
  const todo = parts.flatMap((part) => part.todo);
  const done = parts.flatMap((part) => part.done);
  // A group without parts, or one that is amiss in itself, must still be seen.
  if (!finding.ok && !todo.length) return { todo: [finding], done };
  if (finding.kind === "checklist" && todo.length) return { todo: [{ ...finding, parts: todo }], done };
  return { todo, done };
}

/** Things to count: a group is its parts, alternatives are one. */
export function count(todo: Finding[]): number {
  return todo.reduce((sum, one) => sum + (one.kind === "checklist" && one.parts.length ? count(one.parts) : 1), 0);
}

/** Every field of the tree by its key, as it stands on the card now. */
export function fields(finding: Finding | null, all: Map<string, Field> = new Map()): Map<string, Field> {
  if (!finding) return all;
  if (finding.mend?.how === "field") all.set(finding.mend.field.key, finding.mend.field);
  for (const part of finding.parts) fields(part, all);
  return all;
}
