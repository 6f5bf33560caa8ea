import { z } from 'zod';
import type { FigureSpec } from '@/lib/charts/figure-spec';

/** What of a Plotly figure is drawn on paper. What is not named here, such as hovering, is passed over. */
const cell = z.union([z.string(), z.number(), z.null()]);
const colours = z.union([z.string(), z.array(z.string())]).optional();
const numbers = z.union([z.number(), z.array(z.number())]).optional();
const line = z.object({ color: colours, width: numbers, dash: z.string().optional() }).optional();
const marker = z
  .object({
    color: colours,
    size: numbers,
    symbol: z.union([z.string(), z.array(z.string())]).optional(),
    opacity: z.number().optional(),
    line,
  })
  .optional();
const error = z
  .object({
    array: z.array(z.number()),
    arrayminus: z.array(z.number()).optional(),
    color: z.string().optional(),
  })
  .optional();
const shared = {
  name: z.string().optional(),
  showlegend: z.boolean().default(true),
  x: z.array(cell),
  y: z.array(cell),
  xaxis: z.enum(['x']).default('x'),
  yaxis: z.enum(['y', 'y2']).default('y'),
};
const barSchema = z.object({
  ...shared,
  type: z.literal('bar'),
  orientation: z.literal('v').default('v'),
  marker,
});
const scatterSchema = z.object({
  ...shared,
  type: z.literal('scatter'),
  mode: z.string().default('lines'),
  line,
  marker,
  error_x: error,
  error_y: error,
});
const heatmapSchema = z.object({
  ...shared,
  type: z.literal('heatmap'),
  z: z.array(z.array(z.number().nullable())),
  zmin: z.number(),
  zmax: z.number(),
  colorscale: z.tuple([z.tuple([z.number(), z.string()]), z.tuple([z.number(), z.string()])]),
  text: z.array(z.array(z.string())).optional(),
  colorbar: z.object({ title: z.object({ text: z.string() }) }),
});
const traceSchema = z.discriminatedUnion('type', [barSchema, scatterSchema, heatmapSchema]);

const axisSchema = z.object({
  type: z.enum(['linear', 'log', 'date', 'category']).optional(),
  visible: z.boolean().default(true),
  title: z.object({ text: z.string() }).optional(),
  domain: z.tuple([z.number(), z.number()]).default([0, 1]),
  range: z.tuple([cell, cell]).optional(),
  autorange: z.union([z.boolean(), z.string()]).optional(),
  rangemode: z.string().optional(),
  side: z.enum(['left', 'right', 'top', 'bottom']).optional(),
  showgrid: z.boolean().default(true),
  tickformat: z.string().optional(),
  tickvals: z.array(cell).optional(),
  ticktext: z.array(z.string()).optional(),
  tickangle: z.number().optional(),
  dtick: cell.optional(),
  categoryarray: z.array(cell).optional(),
});
const shapeSchema = z.object({
  type: z.enum(['line', 'rect']),
  xref: z.string().default('x'),
  yref: z.string().default('y'),
  x0: cell,
  x1: cell,
  y0: cell,
  y1: cell,
  line: z
    .object({ color: z.string().optional(), width: z.number().default(1), dash: z.string().optional() })
    .optional(),
  fillcolor: z.string().optional(),
  opacity: z.number().default(1),
});
const annotationSchema = z.object({
  text: z.string(),
  xref: z.string().default('x'),
  yref: z.string().default('y'),
  x: cell,
  y: cell,
  xanchor: z.enum(['auto', 'left', 'center', 'right']).default('center'),
  yanchor: z.enum(['auto', 'top', 'middle', 'bottom']).default('middle'),
  xshift: z.number().default(0),
});
const layoutSchema = z.object({
  margin: z.object({ l: z.number(), r: z.number(), t: z.number(), b: z.number() }),
  showlegend: z.boolean().default(false),
  barmode: z.enum(['group', 'overlay']).default('group'),
  bargap: z.number().default(0.2),
  xaxis: axisSchema.prefault({}),
  yaxis: axisSchema.prefault({}),
  yaxis2: axisSchema.optional(),
  shapes: z.array(shapeSchema).default([]),
  annotations: z.array(annotationSchema).default([]),
});

export type DrawnTrace = z.infer<typeof traceSchema>;
export type DrawnBar = z.infer<typeof barSchema>;
export type DrawnScatter = z.infer<typeof scatterSchema>;
export type DrawnHeatmap = z.infer<typeof heatmapSchema>;
export type DrawnLayout = z.infer<typeof layoutSchema>;
export type AxisLayout = z.infer<typeof axisSchema>;
export type Cell = z.infer<typeof cell>;

/**
 * Read what of a figure is drawn on paper.
 *
 * @throws where the figure holds a kind of trace or axis that is not drawn here
 */
export function drawnFigure({ data, layout }: FigureSpec): {
  readonly traces: readonly DrawnTrace[];
  readonly layout: DrawnLayout;
} {
  return { traces: z.array(traceSchema).parse(data), layout: layoutSchema.parse(layout) };
}
