/** A product on sale. */
export interface Product {
  readonly id: number;
  readonly description: string;
  readonly price: number;
  /** First day of sale, YYYY-MM-DD; not in the file. */
  readonly launch: string;
  /** How often it sells beside the others, for those outside Learning Labs Pro or within it; not in the file. */
  readonly popularity: number;
}

type ProductRow = readonly [
  id: number,
  description: string,
  price: number,
  launch: string,
  popularity: number,
];

/** Prices of products 1 to 10 (exact). */
export const FIRST_PRICES: readonly number[] = [
  241.67, 441.67, 2500, 275, 194.44, 525, 3000, 216.67, 1200, 145.83,
];

/** Ids 1 to 46 without these two: 44 products. Which two are unused is invented. */
export const UNUSED_PRODUCT_IDS: readonly number[] = [17, 29];

/** The subscription: products 39 to 46 (exact). */
export const LEARNING_LABS_PRO_IDS: readonly number[] = [39, 40, 41, 42, 43, 44, 45, 46];

/** Learning Labs Pro products that are paid every month (invented but for their family). */
export const MONTHLY_LABS_IDS: readonly number[] = [40, 41, 42, 44];

const START = '2018-04-29';
const LABS_START = '2019-04-11';

/**
 * The 44 products. Exact: the ids, the prices of the first ten, how many products each family has, and that 39 to 46
 * are Learning Labs Pro. Invented: the other prices, launch dates, popularity, and all other names.
 */
const ROWS: readonly ProductRow[] = [
  [1, 'Harbour Analytics 101: From Spreadsheet to Report', 241.67, START, 6],
  [2, 'Harbour Analytics 201: Models for Decisions', 441.67, START, 8],
  [3, 'Four-Course Shelf: Models and Apps, Team of Five', 2500, '2018-09-05', 0.3],
  [4, 'Harbour Analytics 102: Small Web Apps', 275, '2018-10-10', 5],
  [5, 'Harbour Analytics 101: From Spreadsheet to Report (launch week)', 194.44, START, 4],
  [6, 'Starter Shelf: First Steps and Models', 525, '2018-11-19', 6],
  [7, 'Five-Course Shelf: Models, Apps and Forecasts, Team of Five', 3000, '2019-08-13', 0.3],
  [8, 'Harbour Analytics 101: From Spreadsheet to Report (student)', 216.67, '2018-06-08', 2],
  [9, 'Five-Course Shelf: Models, Apps and Forecasts', 1200, '2019-08-13', 3],
  [10, 'Jumpstart: One Afternoon of Code', 145.83, '2018-07-02', 4],
  [11, 'Harbour Analytics 101: From Spreadsheet to Report (two payments)', 125, '2018-06-08', 2],
  [12, 'Harbour Analytics 101: From Spreadsheet to Report (upgrade)', 95, '2018-11-19', 1],
  [13, 'Harbour Analytics 102: Small Web Apps (two payments)', 142.5, '2018-10-10', 2],
  [14, 'Harbour Analytics 201: Models for Decisions (two payments)', 225, START, 3],
  [15, 'Harbour Analytics 201: Models for Decisions (student)', 395, '2018-06-08', 2],
  [16, 'Harbour Analytics 201: Models for Decisions (six payments)', 79, '2018-08-01', 2],
  [18, 'Harbour Analytics 201: Models for Decisions (upgrade)', 175, '2018-11-19', 1],
  [19, 'Harbour Analytics 201: Models for Decisions (team seat)', 375, '2019-01-15', 1],
  [20, 'Harbour Analytics 202: Apps in the Cloud', 475, '2019-06-04', 6],
  [21, 'Harbour Analytics 202: Apps in the Cloud (two payments)', 245, '2019-06-04', 3],
  [22, 'Harbour Analytics 203: Forecasting at Speed', 499, '2020-03-25', 9],
  [23, 'Harbour Analytics 203: Forecasting at Speed (launch week)', 399, '2020-03-25', 5],
  [24, 'Harbour Analytics 203: Forecasting at Speed (two payments)', 259, '2020-03-25', 4],
  [25, 'Four-Course Shelf: Models and Apps', 899, '2018-11-19', 4],
  [26, 'Four-Course Shelf: Models and Apps (four payments)', 239, '2018-11-19', 3],
  [27, 'Five-Course Shelf: Models, Apps and Forecasts (six payments)', 219, '2019-08-13', 3],
  [28, 'Five-Course Shelf: Models, Apps and Forecasts (upgrade)', 450, '2020-03-25', 1],
  [30, 'Starter Shelf: First Steps and Models (four payments)', 139, '2018-11-19', 3],
  [31, 'Harbour Analytics 201: Models for Decisions (founding price)', 349, START, 5],
  [32, 'Model Shelf: First Steps, Models, Forecasts', 749, '2020-03-25', 4],
  [33, 'Model Shelf: First Steps, Models, Forecasts (four payments)', 199, '2020-03-25', 3],
  [34, 'Model Shelf: First Steps, Models, Forecasts (team seat)', 649, '2020-03-25', 1],
  [35, 'Decision Shelf: Models and Apps, Level One', 599, '2019-01-15', 3],
  [36, 'Decision Shelf: Models and Apps, Level One (four payments)', 159, '2019-01-15', 2],
  [37, 'Decision Shelf: Models and Apps, Level One (student)', 449, '2019-01-15', 2],
  [38, 'Decision Shelf: Models and Apps, Level One (upgrade)', 249, '2019-06-04', 1],
  [39, 'Learning Labs Pro: Six Months', 149, '2019-09-11', 3],
  [40, 'Learning Labs Pro: Monthly, Low Income', 9, '2020-03-25', 4],
  [41, 'Learning Labs Pro: Monthly', 29, LABS_START, 60],
  [42, 'Learning Labs Pro: Paid by Invoice', 29, '2019-10-24', 2],
  [43, 'Learning Labs Pro: Subscription, Six Months', 149, '2020-01-08', 4],
  [44, 'Learning Labs Pro: Subscription, Monthly', 25, '2020-01-08', 18],
  [45, 'Learning Labs Pro: Yearly', 249, '2019-05-08', 4],
  [46, 'Learning Labs Pro: Subscription, Yearly', 249, '2020-01-08', 5],
];

/** The products in order of id. */
export const PRODUCTS: readonly Product[] = ROWS.map(([id, description, price, launch, popularity]) => ({
  id,
  description,
  price,
  launch,
  popularity,
}));
