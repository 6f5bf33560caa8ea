/**
 * Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).
 *
 * @param a #rrggbb, as `b`
 * @example contrastRatio('#000000', '#ffffff') // 21
 */
export function contrastRatio(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/**
 * Mix two colours channel by channel in sRGB, as Plotly does between the stops of a colour scale.
 *
 * @param share of `b`, 0–1
 * @example mixedColour('#000000', '#ffffff', 0.5) // '#808080'
 */
export function mixedColour(a: string, b: string, share: number): string {
  const channelsOfB = channels(b);
  const mixed = channels(a).map((value, i) => Math.round(value + (channelsOfB[i]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Red, green and blue, 0–255. */
function channels(colour: string): number[] {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new Error(`Expected a colour as #rrggbb, got ${colour}`);
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
