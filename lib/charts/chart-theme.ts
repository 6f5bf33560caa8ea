/** Colours of a figure, as #rrggbb. */
export interface ChartTheme {
  /** Titles and labels; at least 7 : 1 on the surface. */
  readonly text: string;
  /** Tick labels and remarks; at least 4.5 : 1. */
  readonly muted: string;
  /** Grid lines; decoration, so without a bound. */
  readonly grid: string;
  /** What the figure stands on. */
  readonly surface: string;
  /** Marks that recede behind others; at least 3 : 1. */
  readonly rest: string;
  /** Marks, the most important first; at least 3 : 1 on the surface, and told apart with any colour vision. */
  readonly series: readonly [string, string, string, string];
}

/** On white, with the darker half of Okabe and Ito's palette (2008): blue, vermilion, bluish green, reddish purple. */
export const LIGHT_CHART_THEME: ChartTheme = {
  text: '#1b1d21',
  muted: '#545b63',
  grid: '#e1e4e8',
  surface: '#ffffff',
  rest: '#6c727a',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7'],
};

/** On near-black, with the lighter half of the same palette: sky blue, orange, yellow, reddish purple. */
export const DARK_CHART_THEME: ChartTheme = {
  text: '#eceef1',
  muted: '#a2abb5',
  grid: '#2c3238',
  surface: '#16191d',
  rest: '#646a72',
  series: ['#56b4e9', '#e69f00', '#f0e442', '#cc79a7'],
};
