import { z } from 'zod';

/** What writing to a list costs and earns. The defaults are those of the design's source. */
export const economicsSchema = z.strictObject({
  /** People on the list that decisions are made for; the scored list is scaled up to it. */
  listSize: z.number().int().min(1).max(1e9).default(100_000),
  /** Share of readers who leave the list at each sales e-mail. */
  unsubscribeRate: z.number().min(0).max(1).default(0.005),
  salesEmailsPerMonth: z.number().min(0).max(100).default(5),
  /** Share of the people on the list who become customers one day. */
  conversion: z.number().min(0).max(1).default(0.05),
  customerValueUsd: z.number().min(0).max(1e9).default(2_000),
  salesPerMonthUsd: z.number().min(0).max(1e12).default(250_000),
  /** Share by which the list grows each month. */
  growthPerMonth: z.number().min(-1).max(10).default(0.035),
  nMonths: z.number().int().min(1).max(120).default(12),
});

export type Economics = z.infer<typeof economicsSchema>;

/** The figures of the design's source. */
export const DEFAULT_ECONOMICS: Economics = economicsSchema.parse({});

/** What unsubscribing costs in one month. */
export interface MonthlyCost {
  /** From 1. */
  readonly month: number;
  readonly listSize: number;
  readonly nUnsubscribed: number;
  /** Customers that those who left would have become. */
  readonly nCustomersLost: number;
  readonly costUsd: number;
  /** What it would cost if the list did not grow. */
  readonly costWithoutGrowthUsd: number;
}

/** Value in US dollars that one reader loses the sender in a month by the chance of leaving. */
export function monthlyLossPerReaderUsd(economics: Economics): number {
  const { salesEmailsPerMonth, unsubscribeRate, conversion, customerValueUsd } = economics;
  return salesEmailsPerMonth * unsubscribeRate * conversion * customerValueUsd;
}

/**
 * List what unsubscribing costs month by month when everybody is written to, the list growing all the while. Leavers are taken
 * from the list as it stands, and are not taken off it, as in the design's source.
 */
export function costTable(economics: Economics): readonly MonthlyCost[] {
  const { listSize, salesEmailsPerMonth, unsubscribeRate, conversion, growthPerMonth, nMonths } = economics;
  const perReader = monthlyLossPerReaderUsd(economics);
  return Array.from({ length: nMonths }, (_, i) => {
    const size = listSize * (1 + growthPerMonth) ** i;
    const nUnsubscribed = size * salesEmailsPerMonth * unsubscribeRate;
    return {
      month: i + 1,
      listSize: size,
      nUnsubscribed,
      nCustomersLost: nUnsubscribed * conversion,
      costUsd: size * perReader,
      costWithoutGrowthUsd: listSize * perReader,
    };
  });
}

/** Cost of all months together, US dollars. */
export function totalCostUsd(economics: Economics): number {
  return costTable(economics).reduce((sum, { costUsd }) => sum + costUsd, 0);
}

/** The total cost at each growth and conversion: rows by growth, columns by conversion. */
export function costSimulation(
  economics: Economics,
  grid: { readonly growthPerMonth: readonly number[]; readonly conversion: readonly number[] },
): readonly (readonly number[])[] {
  return grid.growthPerMonth.map((growthPerMonth) =>
    grid.conversion.map((conversion) => totalCostUsd({ ...economics, growthPerMonth, conversion })),
  );
}
