'use client';

import { type RefObject, useEffect, useEffectEvent } from 'react';
import {
  boxOfRange,
  type DrawnPoint,
  draggedHeight,
  type FigureBox,
  type FigurePick,
  type LevelPick,
  levelsOfPoints,
  trialsOfPoints,
} from './figure-picks';

/** What a figure's drawing and picking have to know of each other. */
export interface DrawState {
  /** Whether Plotly is drawing: it then tells of selections that nobody made. */
  isDrawing: boolean;
  /** Resolves when no button is held: a redraw would take what is being drawn around away. */
  released: Promise<void>;
}

/** The part of Plotly's element that tells of clicks and selections. */
interface PickableElement extends HTMLElement {
  on(name: PickEvent, listener: (event?: SelectionEvent) => void): void;
  on(name: 'plotly_relayout', listener: (change: object) => void): void;
  removeAllListeners(name: PickEvent | 'plotly_relayout'): void;
}

interface SelectionEvent {
  readonly points: readonly DrawnPoint[];
  /** Of a box. */
  readonly range?: unknown;
}

const PICK_EVENTS = ['plotly_click', 'plotly_selected', 'plotly_deselect'] as const;
type PickEvent = (typeof PICK_EVENTS)[number];

interface Options {
  /** Nothing is heard before. */
  readonly isDrawn: boolean;
  readonly state: RefObject<DrawState>;
  readonly onPick: ((pick: FigurePick) => void) | undefined;
  /** For figures whose points stand for levels of a dimension. */
  readonly onPickLevels: ((pick: LevelPick) => void) | undefined;
  /** Told of where the figure's first line was dragged to. */
  readonly onDragLine: ((height: number) => void) | undefined;
  /** Which trials a box means, where that is more than the points in it. */
  readonly trialsInBox: ((box: FigureBox) => readonly number[]) | undefined;
  /** Called after `onPick`, when Plotly's own marks of the pick can go. */
  readonly onPicked: () => void;
  /** Called when someone changed what the axes span. */
  readonly onZoomed: () => void;
}

/** Tell which trials are clicked or drawn around in a figure; a double click beside them picks none. */
export function useFigurePicking(box: RefObject<HTMLDivElement | null>, options: Options): void {
  const { isDrawn, state, onPick, onPickLevels } = options;
  const onPicked = useEffectEvent(options.onPicked);
  const onZoomed = useEffectEvent(options.onZoomed);
  const onDragLine = useEffectEvent((height: number) => options.onDragLine?.(height));
  const trialsOf = useEffectEvent((event: SelectionEvent | undefined) => {
    const box = boxOfRange(event?.range);
    if (box !== null && options.trialsInBox !== undefined) return options.trialsInBox(box);
    // Without an event where a selection is taken back.
    return trialsOfPoints(event?.points ?? []);
  });
  useEffect(() => {
    const element = box.current;
    const isAnswered = onPick !== undefined || onPickLevels !== undefined;
    if (!isDrawn || element === null || !isAnswered || !isPickable(element)) return;
    let isShiftHeld = false;
    const handlePointerDown = (event: PointerEvent) => {
      isShiftHeld = event.shiftKey;
      state.current.released = new Promise((resolve) => {
        for (const name of ['pointerup', 'pointercancel']) {
          window.addEventListener(name, () => resolve(), { once: true });
        }
      });
    };
    element.addEventListener('pointerdown', handlePointerDown, true);
    for (const name of PICK_EVENTS) {
      element.on(name, (event) => {
        if (state.current.isDrawing) return;
        if (onPickLevels !== undefined) {
          const picked = levelsOfPoints(event?.points ?? []);
          if (picked === null) return;
          onPickLevels({ picked, isAdded: isShiftHeld });
          onPicked();
          return;
        }
        const numbers = trialsOf(event);
        // What was clicked stands for no trial; drawn around nothing, it is meant.
        if (name === 'plotly_click' && numbers.length === 0) return;
        onPick?.({ numbers, isAdded: isShiftHeld });
        onPicked();
      });
    }
    element.on('plotly_relayout', (change) => {
      if (state.current.isDrawing) return;
      const dragged = draggedHeight(change);
      if (dragged !== null) onDragLine(dragged);
      const isZoom = Object.keys(change).some((key) => /axis\d*\.(range|autorange)/.test(key));
      if (isZoom) onZoomed();
    });
    return () => {
      element.removeEventListener('pointerdown', handlePointerDown, true);
      for (const name of [...PICK_EVENTS, 'plotly_relayout'] as const) element.removeAllListeners(name);
    };
  }, [box, isDrawn, state, onPick, onPickLevels]);
}

function isPickable(element: HTMLElement): element is PickableElement {
  return 'on' in element && 'removeAllListeners' in element;
}
