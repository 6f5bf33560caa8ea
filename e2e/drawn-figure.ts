import { expect, type Locator } from '@playwright/test';

/** Scroll to a figure and give its drawing once it is there: figures far from the window are not drawn. */
export async function drawnPlot(figure: Locator): Promise<Locator> {
  await figure.scrollIntoViewIfNeeded();
  const plot = figure.locator('[data-figure=drawn]');
  await expect(plot).toBeVisible();
  return plot;
}

/** Scroll to figures one after the other and wait for each to be drawn. */
export async function expectAllDrawn(figures: Locator, nFigures: number): Promise<void> {
  await expect(figures).toHaveCount(nFigures);
  for (let index = 0; index < nFigures; index++) await drawnPlot(figures.nth(index));
}
