'use client';

import { Group, SegmentedControl, Skeleton, Text, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type ChartTheme, DARK_CHART_THEME, LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import { cellText, type FigureSpec } from '@/lib/charts/figure-spec';
import { DataTable } from './data-table';
import { FigureDownloads } from './figure-downloads';
import { type DragMode, FigureDragMenu } from './figure-drag-menu';
import type { FigureBox, FigurePick } from './figure-picks';
import { drawnInTurn } from './figure-turns';
import { type DrawState, useFigurePicking } from './use-figure-picking';

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
  /** Told of the trials that were clicked or drawn around; a figure without it answers neither. */
  readonly onPick?: (pick: FigurePick) => void;
  /** Which trials a box drawn over the chart means; those of the points in it when left out. */
  readonly trialsInBox?: (box: FigureBox) => readonly number[];
}

/** A chart with its sentence, its table and its downloads. The only importer of Plotly. */
export function Figure({ build, fileName, heightPx: usualHeightPx = 300, onPick, trialsInBox }: Props) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const spec = useMemo(
    () => build(scheme === 'dark' ? DARK_CHART_THEME : LIGHT_CHART_THEME),
    [build, scheme],
  );
  const heightPx = spec.heightPx ?? usualHeightPx;
  const [view, setView] = useState('chart');
  const [dragMode, setDragMode] = useState<DragMode>('select');
  return (
    <figure style={{ margin: 0, minWidth: 0 }} aria-label={spec.title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm" mb={6}>
        <Text component="figcaption" size="sm" fw={500}>
          {spec.title}
        </Text>
        <Group gap={6} wrap="nowrap">
          {onPick && view === 'chart' && <FigureDragMenu mode={dragMode} onChange={setDragMode} />}
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
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
      {view === 'chart' ? (
        <Plot spec={spec} heightPx={heightPx} dragMode={dragMode} onPick={onPick} trialsInBox={trialsInBox} />
      ) : (
        <SpecTable spec={spec} heightPx={heightPx} />
      )}
    </figure>
  );
}

function SpecTable({ spec, heightPx }: { readonly spec: FigureSpec; readonly heightPx: number }) {
  return (
    <DataTable
      {...spec.table}
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
  readonly dragMode: DragMode;
  readonly onPick: Props['onPick'];
  readonly trialsInBox: Props['trialsInBox'];
}

function Plot({ spec, heightPx, dragMode, onPick, trialsInBox }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const isPickable = onPick !== undefined;
  // A finger that drags means to scroll the page.
  const isTouched = useMediaQuery('(pointer: coarse)') ?? false;
  const [nPicks, setNPicks] = useState(0);
  const drawing = useMemo(
    () => ({
      data: [...spec.data],
      layout: {
        ...spec.layout,
        height: heightPx,
        autosize: true,
        ...(isPickable && { dragmode: isTouched ? (false as const) : dragMode }),
      },
      // Drawn again after each pick, because Plotly leaves its own marks of it.
      nPicks,
    }),
    [spec, heightPx, isPickable, isTouched, dragMode, nPicks],
  );
  const { isDrawn, error, state } = useDrawing(box, drawing);
  useFigurePicking(box, { isDrawn, state, onPick, trialsInBox, onPicked: () => setNPicks((n) => n + 1) });
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
      {!isDrawn && <Skeleton height={heightPx} radius="sm" style={{ position: 'absolute', inset: 0 }} />}
      <div ref={box} style={{ height: heightPx }} data-figure={isDrawn ? 'drawn' : 'loading'} />
    </div>
  );
}

/** Draw into a box, again whenever what is drawn or the box's width changes; clean up at the end. */
function useDrawing(box: RefObject<HTMLDivElement | null>, drawing: Pick<FigureSpec, 'data' | 'layout'>) {
  const [isDrawn, setIsDrawn] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const state = useRef<DrawState>({ isDrawing: false, released: Promise.resolve() });
  const isRedraw = useRef(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let isLeft = false;
    let plotly: Plotly | null = null;
    let drawnWidth = 0;
    const resized = new ResizeObserver(() => {
      // Observing begins with a call for the width that was drawn.
      if (!plotly || element.offsetWidth === 0 || element.offsetWidth === drawnWidth) return;
      drawnWidth = element.offsetWidth;
      void plotly.Plots.resize(element);
    });
    const draw = async (loaded: Plotly) => {
      if (isLeft) return;
      drawnWidth = element.offsetWidth;
      state.current.isDrawing = true;
      await loaded
        .react(element, drawing.data, drawing.layout, { displayModeBar: false, responsive: false })
        .finally(() => {
          state.current.isDrawing = false;
        });
      isRedraw.current = true;
    };
    void (async () => {
      try {
        const loaded = await loadedPlotly();
        plotly = loaded;
        await state.current.released;
        await drawnInTurn(isRedraw.current, () => draw(loaded));
        if (isLeft) return;
        resized.observe(element);
        setIsDrawn(true);
      } catch (cause) {
        console.error('A chart could not be drawn', cause);
        setError(cause instanceof Error ? cause.message : String(cause));
      }
    })();
    return () => {
      isLeft = true;
      resized.disconnect();
    };
  }, [box, drawing]);
  useEffect(() => {
    const element = box.current;
    return () => {
      if (element) void plotlyLoad?.then((plotly) => plotly.purge(element));
    };
  }, [box]);
  return { isDrawn, error, state };
}
