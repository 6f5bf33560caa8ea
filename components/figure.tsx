'use client';

import { Group, SegmentedControl, Skeleton, Text, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import { type ChartTheme, DARK_CHART_THEME, LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import { cellText, type FigureSpec } from '@/lib/charts/figure-spec';
import { DataTable } from './data-table';
import { withDenseMarks } from './dense-marks';
import { FigureDownloads } from './figure-downloads';
import { type DragMode, FigureDragMenu } from './figure-drag-menu';
import type { FigureBox, FigurePick, LevelPick } from './figure-picks';
import { FigureSql } from './figure-sql';
import { Sideways } from './sideways';
import { type Drawing, useFigureDrawing } from './use-figure-drawing';
import { useFigurePicking } from './use-figure-picking';

type Plotly = typeof import('plotly.js-cartesian-dist-min');

/** One load shared by all figures; forgotten when it failed, so that the next figure tries again. */
let plotlyLoad: Promise<Plotly> | null = null;
function loadedPlotly(): Promise<Plotly> {
  plotlyLoad ??= import('plotly.js-cartesian-dist-min').then((module) =>
    'default' in module ? (module.default as Plotly) : module,
  );
  plotlyLoad.catch(() => {
    plotlyLoad = null;
  });
  return plotlyLoad;
}

/** Load Plotly before the first figure needs it, while the page waits for something else anyway. */
export function preloadPlotly(): void {
  // A failure shows, with its reason, in the first figure.
  loadedPlotly().catch(() => undefined);
}

interface Props {
  /** Builds the figure for a theme; must be stable between draws that show the same data. */
  readonly build: (theme: ChartTheme) => FigureSpec;
  /** Name of downloaded files, without an ending. */
  readonly fileName: string;
  /** For figures that do not know better. */
  readonly heightPx?: number;
  /** Where there is less room the chart is scrolled sideways instead of being squeezed. */
  readonly minWidthPx?: number;
  /** Told of the trials that were clicked or drawn around; a figure without it answers neither. */
  readonly onPick?: (pick: FigurePick) => void;
  /** Told of the levels of a dimension that were clicked or drawn around. */
  readonly onPickLevels?: (pick: LevelPick) => void;
  /** Gives the statement behind the table; must be stable while it stays the same. Without it SQL is not offered. */
  readonly sqlOf?: () => Promise<string>;
  /** Told of the height, in units of its axis, that the figure's first line was dragged to; its lines stay put without it. */
  readonly onDragLine?: (height: number) => void;
  /** Which trials a box drawn over the chart means; those of the points in it when left out. */
  readonly trialsInBox?: (box: FigureBox) => readonly number[];
}

/** A chart with its sentence, its table and its downloads. The only importer of Plotly. */
export function Figure({
  build,
  fileName,
  heightPx: usualHeightPx = 300,
  minWidthPx = 0,
  onPick,
  onPickLevels,
  onDragLine,
  sqlOf,
  trialsInBox,
}: Props) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const spec = useMemo(
    () => build(scheme === 'dark' ? DARK_CHART_THEME : LIGHT_CHART_THEME),
    [build, scheme],
  );
  const heightPx = spec.heightPx ?? usualHeightPx;
  const [view, setView] = useState('chart');
  const [dragMode, setDragMode] = useState<DragMode>('select');
  // A finger that drags means to scroll the page.
  const isTouched = useMediaQuery('(pointer: coarse)') ?? false;
  return (
    <figure style={{ margin: 0, minWidth: 0 }} aria-label={spec.title}>
      <Group justify="space-between" align="flex-start" gap="sm" mb={6}>
        <Text component="figcaption" size="sm" fw={500} style={{ flex: '1 1 300px' }}>
          {spec.title}
        </Text>
        <Group gap={6} wrap="nowrap" ml="auto">
          {(onPick ?? onPickLevels) && view === 'chart' && !isTouched && (
            <FigureDragMenu mode={dragMode} onChange={setDragMode} />
          )}
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
              ...(sqlOf ? [{ value: 'sql', label: 'SQL' }] : []),
            ]}
            aria-label="Show as"
          />
          <FigureDownloads
            spec={spec}
            fileName={fileName}
            imageOf={(format) => imageUrl(spec, format, heightPx)}
          />
        </Group>
      </Group>
      {view === 'chart' && (
        <Sideways minWidthPx={minWidthPx} label={spec.title}>
          <Plot
            spec={spec}
            heightPx={heightPx}
            dragMode={isTouched ? null : dragMode}
            onPick={onPick}
            onPickLevels={onPickLevels}
            onDragLine={onDragLine}
            trialsInBox={trialsInBox}
          />
        </Sideways>
      )}
      {view === 'table' && <SpecTable spec={spec} heightPx={heightPx} onPickLevels={onPickLevels} />}
      {view === 'sql' && sqlOf && <FigureSql sqlOf={sqlOf} heightPx={heightPx} label={spec.title} />}
    </figure>
  );
}

function SpecTable({
  spec,
  heightPx,
  onPickLevels,
}: Pick<Props, 'onPickLevels'> & { readonly spec: FigureSpec; readonly heightPx: number }) {
  const { picks, ...table } = spec.table;
  const handlePick =
    onPickLevels === undefined || picks === undefined
      ? undefined
      : (row: number, isAdded: boolean) => {
          const picked = (picks[row] ?? []).map(({ dimension, level }) => ({ dimension, levels: [level] }));
          onPickLevels({ picked, isAdded });
        };
  return (
    <DataTable
      {...table}
      {...(handlePick && { onPickRow: handlePick })}
      renderCell={(cell, { format }) => cellText(cell ?? null, format)}
      maxHeightPx={heightPx}
      label={spec.title}
    />
  );
}

async function imageUrl(spec: FigureSpec, format: 'png' | 'svg', heightPx: number): Promise<string> {
  const plotly = await loadedPlotly();
  return plotly.toImage(
    {
      data: [...spec.data],
      layout: {
        ...spec.layout,
        title: { text: spec.title, font: { size: 13 } },
        margin: { ...spec.layout.margin, t: 48 },
      },
    },
    { format, width: 1000, height: Math.max(heightPx, 420), scale: format === 'png' ? 2 : 1 },
  );
}

interface PlotProps {
  readonly spec: FigureSpec;
  readonly heightPx: number;
  /** Null where dragging scrolls the page. */
  readonly dragMode: DragMode | null;
  readonly onPick: Props['onPick'];
  readonly onPickLevels: Props['onPickLevels'];
  readonly onDragLine: Props['onDragLine'];
  readonly trialsInBox: Props['trialsInBox'];
}

function Plot({ spec, heightPx, dragMode, onPick, onPickLevels, onDragLine, trialsInBox }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const isPickable = onPick !== undefined || onPickLevels !== undefined;
  const [nPicks, setNPicks] = useState(0);
  const [wasZoomed, setWasZoomed] = useState(false);
  const areLinesLoose = onDragLine !== undefined && dragMode !== null;
  const isDense = onPick !== undefined && dragMode !== 'zoom' && !wasZoomed;
  const drawing = useMemo((): Drawing => {
    const kind = axesOf(spec);
    const layout = {
      ...spec.layout,
      height: heightPx,
      autosize: true,
      // What is zoomed stays so while the data change, but not on other axes; Plotly's own marks of a pick go.
      ...(isPickable && {
        dragmode: dragMode ?? (false as const),
        uirevision: kind,
        selectionrevision: nPicks,
      }),
    };
    const dataAt = (widthPx: number) =>
      isDense ? withDenseMarks(spec.data, layout, plotArea(layout, widthPx, heightPx)) : [...spec.data];
    return { kind, layout, dataAt, areLinesLoose };
  }, [spec, heightPx, isPickable, dragMode, nPicks, isDense, areLinesLoose]);
  const { drawn, error, state, isNear } = useFigureDrawing(box, drawing, loadedPlotly);
  useFigurePicking(box, {
    isDrawn: drawn !== null,
    state,
    onPick,
    onPickLevels,
    onDragLine,
    trialsInBox,
    onPicked: () => setNPicks((n) => n + 1),
    onZoomed: () => setWasZoomed(true),
  });
  if (error) {
    return (
      <Text size="sm" c="dimmed" role="alert">
        The chart could not be drawn ({error}). Its numbers are under “Table”.
      </Text>
    );
  }
  return (
    // Contained: what is measured while drawing lays out this box, not the page.
    <div style={{ position: 'relative', height: heightPx, contain: 'strict' }}>
      {drawn === null && (
        <Skeleton height={heightPx} radius="sm" animate={isNear} style={{ position: 'absolute', inset: 0 }} />
      )}
      <div ref={box} style={{ height: heightPx }} data-figure={drawn === drawing ? 'drawn' : 'loading'} />
    </div>
  );
}

/** Tell what the axes show, so that drawings on the same axes can be told from others. */
function axesOf({ layout }: FigureSpec): string {
  const titles = Object.entries(layout).map(([key, part]: [string, unknown]) =>
    typeof part === 'object' && part !== null && 'title' in part ? [key, part.title] : [],
  );
  return JSON.stringify(titles);
}

/** The area that the axes span, as far as it is known before drawing. */
function plotArea({ margin = {} }: FigureSpec['layout'], widthPx: number, heightPx: number) {
  const { l = 0, r = 0, t = 0, b = 0 } = margin;
  return { widthPx: widthPx - l - r, heightPx: heightPx - t - b };
}
