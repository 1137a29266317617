// Two people changed one text: what each changed, put together line by line. Lines of a card are its
// fields, so two changed lines side by side are no quarrel; one line changed by both is.

/** Lines `from` up to `to` of the base become `lines`; from = to is an insertion before that line. */
interface Edit {
  from: number;
  to: number;
  lines: string[];
}

/** The common lines of both texts, as pairs of indexes, longest first found. */
function common(a: string[], b: string[]): [number, number][] {
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

function edits(base: string[], other: string[]): Edit[] {
  const all: Edit[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...common(base, other), [base.length, other.length] as [number, number]]) {
    if (a > i || b > j) {
      const lines = other.slice(j, b);
      // As many lines as before: each is the same line with another value.
      if (lines.length === a - i) lines.forEach((line, n) => all.push({ from: i + n, to: i + n + 1, lines: [line] }));
      else all.push({ from: i, to: a, lines });
    }
    [i, j] = [a + 1, b + 1];
  }
  return all;
}

const same = (a: Edit, b: Edit) =>
  a.from === b.from && a.to === b.to && a.lines.join("\n") === b.lines.join("\n");

function clash(a: Edit, b: Edit): boolean {
  if (a.from === a.to && b.from === b.to) return a.from === b.from;
  return a.from < b.to && b.from < a.to;
}

/**
 * Both changes of one base, or nothing where they touch the same line in different ways. Who insists
 * has seen theirs: mine stands on those lines, theirs everywhere else.
 */
export function merge(base: string, mine: string, theirs: string, insist = false): string | undefined {
  const lines = base.split("\n");
  const own = edits(lines, mine.split("\n"));
  const news = edits(lines, theirs.split("\n")).filter((edit) => !own.some((one) => same(one, edit)));
  const others = news.filter((edit) => !own.some((one) => clash(one, edit)));
  if (others.length < news.length && !insist) return undefined;
  const all = [...own, ...others].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: string[] = [];
  let at = 0;
  for (const edit of all) {
    merged.push(...lines.slice(at, edit.from), ...edit.lines);
    at = edit.to;
  }
  return [...merged, ...lines.slice(at)].join("\n");
}
