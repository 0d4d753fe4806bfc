/** An address is good for so many milliseconds: browsers begin to read it some time after the click. */
const VALID = 10_000;

/** Hands a file to the reader. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), VALID);
}
