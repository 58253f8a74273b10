/** A sentence broken into lines of a width, at its spaces. */

/** How wide a report is. */
export const WIDTH = 100;

/** Lines of at most `width` characters; a word that is longer stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A label, and beside it the text: `  why     laptop last heard …`, following lines indented alike. */
export function labelled(label: string, text: string, indent = 2, column = 8): readonly string[] {
  const margin = ' '.repeat(indent + column);
  return wrap(text, WIDTH - margin.length).map((line, index) =>
    index === 0 ? `${' '.repeat(indent)}${label.padEnd(column)}${line}` : `${margin}${line}`,
  );
}
