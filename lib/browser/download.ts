/** Save a blob under a name, as the browser's download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has taken its own hold of the blob once the click returns to the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
