'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { drawnInTurn } from './figure-turns';
import type { DrawState } from './use-figure-picking';
import { useNearWindow } from './use-near-window';

/** What is drawn. */
export interface Drawing {
  /** The same for drawings on the same axes. */
  readonly kind: string;
  readonly layout: FigureSpec['layout'];
  /** Whether the lines across the figure can be dragged. */
  readonly areLinesLoose: boolean;
  /** For a box of a width. */
  readonly dataAt: (widthPx: number) => FigureSpec['data'];
}

/** The part of Plotly that draws. */
interface Drawer {
  react(
    element: HTMLElement,
    data: FigureSpec['data'],
    layout: FigureSpec['layout'],
    config: {
      readonly displayModeBar: boolean;
      readonly responsive: boolean;
      readonly edits: { readonly shapePosition: boolean };
    },
  ): Promise<unknown>;
  purge(element: HTMLElement): void;
}

const CONFIG = { displayModeBar: false, responsive: false } as const;
const MAX_POINTS_AT_ONCE = 300;

/**
 * Draw into a box, again whenever the drawing or the box's width changes; clean up at the end. A box far from the window
 * is drawn when it comes near, so that a page of many figures costs what is looked at.
 *
 * @param loadDrawer must be stable
 * @returns the drawing that is to be seen, null before the first; what went wrong with the last; whether the box is near
 */
export function useFigureDrawing(
  box: RefObject<HTMLDivElement | null>,
  drawing: Drawing,
  loadDrawer: () => Promise<Drawer>,
) {
  const [drawn, setDrawn] = useState<Drawing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const state = useRef<DrawState>({ isDrawing: false, released: Promise.resolve() });
  const drawnAs = useRef<{ readonly drawing: Drawing; readonly widthPx: number } | null>(null);
  const isNear = useNearWindow(box);
  useEffect(() => {
    const element = box.current;
    if (!element || !isNear) return;
    let isLeft = false;
    let drawnWidth = 0;
    const draw = async () => {
      const drawer = await loadDrawer();
      await state.current.released;
      const react = (data: FigureSpec['data']) =>
        drawnInTurn(drawnAs.current !== null, async () => {
          if (isLeft) return;
          state.current.isDrawing = true;
          const config = { ...CONFIG, edits: { shapePosition: drawing.areLinesLoose } };
          await drawer.react(element, data, drawing.layout, config).finally(() => {
            state.current.isDrawing = false;
          });
        });
      drawnWidth = element.offsetWidth;
      const data = drawing.dataAt(drawnWidth);
      // Axes first, then what is on them: two short tasks instead of a long one.
      if (drawnAs.current?.drawing.kind !== drawing.kind && nPointsOf(data) > MAX_POINTS_AT_ONCE)
        await react([]);
      await react(data);
      if (isLeft) return;
      drawnAs.current = { drawing, widthPx: drawnWidth };
      setDrawn(drawing);
    };
    const drawUnlessThere = async () => {
      const there = drawnAs.current;
      if (there?.drawing !== drawing || there.widthPx !== element.offsetWidth) await draw();
      else drawnWidth = there.widthPx;
    };
    const showError = (cause: unknown) => {
      console.error('A chart could not be drawn', cause);
      setError(cause instanceof Error ? cause.message : String(cause));
    };
    const resized = new ResizeObserver(() => {
      // Observing begins with a call for the width that was drawn.
      if (element.offsetWidth === 0 || element.offsetWidth === drawnWidth) return;
      draw().catch(showError);
    });
    drawUnlessThere().then(() => {
      if (!isLeft) resized.observe(element);
    }, showError);
    return () => {
      isLeft = true;
      resized.disconnect();
    };
  }, [box, drawing, isNear, loadDrawer]);
  usePurging(box, loadDrawer);
  return { drawn, error, state, isNear };
}

/** Clean up what was drawn into a box when it goes. */
function usePurging(box: RefObject<HTMLDivElement | null>, loadDrawer: () => Promise<Drawer>): void {
  useEffect(() => {
    const element = box.current;
    return () => {
      if (!element) return;
      // What could not be loaded has drawn nothing.
      loadDrawer().then(
        (drawer) => drawer.purge(element),
        () => undefined,
      );
    };
  }, [box, loadDrawer]);
}

function nPointsOf(data: FigureSpec['data']): number {
  return data.reduce((n, trace) => n + ('x' in trace && Array.isArray(trace.x) ? trace.x.length : 0), 0);
}
