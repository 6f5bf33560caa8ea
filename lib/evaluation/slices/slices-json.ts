import type { SliceGroup } from './slice-groups';
import type { Bounded, JudgedRows, SliceMeasures } from './slice-measures';
import { searchSentence, sliceReport } from './slice-report';
import { type SearchedSlice, slicesSearched } from './slice-search';

/** Give `slices.json`: the slices of the test rows, the gaps between countries, and what the search for the worst found. */
export function slicesJson(rows: JudgedRows, groups: readonly SliceGroup[], threshold: number) {
  const report = sliceReport(rows, groups, threshold);
  const search = slicesSearched(rows, groups, { threshold });
  return {
    threshold,
    all: measuresJson(report.all),
    slices: report.slices.map(({ dimension, level, measures }) => ({
      dimension,
      level,
      ...measuresJson(measures),
    })),
    min_rows_shown: report.minRows,
    n_too_small: report.nTooSmall,
    countries: report.gaps.countries.map((gap) => ({
      country: gap.country,
      n: gap.n,
      n_buyers: gap.nBuyers,
      recall_gap: gap.recall,
      recall_gap_p_adjusted: gap.recallPValue,
      calibration_gap: gap.calibration,
      calibration_gap_p_adjusted: gap.calibrationPValue,
    })),
    search: {
      min_rows: search.floor.minRows,
      min_buyers: search.floor.minBuyers,
      n_searched: search.nSearched,
      n_tests: search.nTests,
      adjustment: 'Benjamini-Hochberg',
      found: search.found.map(foundJson),
      worst: search.worst === null ? null : foundJson(search.worst),
    },
    sentences: [report.sentence, searchSentence(search)],
  };
}

function measuresJson(measures: SliceMeasures) {
  const { n, nBuyers, expectedBuyers, conversion, rocAuc, observedToExpected, recall, precision } = measures;
  return {
    n,
    n_buyers: nBuyers,
    expected_buyers: expectedBuyers,
    conversion: conversion satisfies Bounded | null,
    roc_auc: rocAuc,
    observed_to_expected: observedToExpected,
    recall,
    precision,
  };
}

function foundJson({ parts, measures, findings }: SearchedSlice) {
  return {
    parts,
    ...measuresJson(measures),
    findings: findings.map(({ question, difference, pValue, adjustedPValue }) => ({
      question,
      difference,
      p: pValue,
      p_adjusted: adjustedPValue,
    })),
  };
}
