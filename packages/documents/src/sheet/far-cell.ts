const columnOf = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
const longestTail = 40;

/** Hears the text of a sheet piece by piece and knows how far out its cells lie: one far cell makes a table of billions of empty ones. */
export class FarCell {
  #tail = '';
  #columns = 0;
  #rows = 0;

  hear(piece: string): void {
    const text = this.#tail + piece;
    for (const [, letters = '', row = ''] of text.matchAll(/\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']/gi)) {
      if (letters !== '') this.#columns = Math.max(this.#columns, columnOf(letters.toUpperCase()));
      this.#rows = Math.max(this.#rows, Number(row));
    }
    this.#tail = text.slice(-longestTail);
  }

  get cells(): number {
    return this.#columns * this.#rows;
  }
}
