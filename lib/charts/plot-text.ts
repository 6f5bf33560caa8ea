/**
 * Make a text from a file safe to draw: Plotly reads tags such as `<b>` and `<a href>` in every label, and `%{…}` in
 * templates.
 *
 * @example plotText('<b>us') // '&lt;b&gt;us'
 */
export function plotText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('%{', '%\u200b{');
}
