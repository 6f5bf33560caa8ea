import { percentText } from '@/lib/explore/summary/plain-numbers';
import type { Feature, FeatureSpec } from './spec';

const OPTIN_FORMULAS = {
  days: 'days from opt-in to {day}',
  month: 'month of the opt-in, 1 to 12',
  day_of_week: 'day of the week of the opt-in, 0 = Monday to 6 = Sunday',
  day_of_year: 'day of the year of the opt-in, 1 to 366',
  quarter: 'quarter of the opt-in, 1 to 4',
  is_weekend: '1 if the opt-in fell on a Saturday or Sunday, else 0',
} as const;

/** Say in plain words how a feature is made. */
export function formulaOf({ source }: Feature, spec: FeatureSpec): string {
  const nKept = spec.countryLevels.length - 1;
  switch (source.type) {
    case 'optin':
      return OPTIN_FORMULAS[source.part].replace('{day}', spec.referenceDay);
    case 'tag_count':
      return 'number of distinct tags held';
    case 'tag_count_by_optin_day':
      return `tag_count / (|days from opt-in to ${spec.referenceDay}| + 1)`;
    case 'member_rating':
      return 'member rating, 1 to 5';
    case 'member_rating_is':
      return `1 if the member rating is ${source.rating}, else 0, also where it is missing`;
    case 'country_code':
      return `place of the country among the ${nKept} kept, in alphabetical order from 0; other = ${nKept}`;
    case 'country_is':
      return `1 if the country is ${source.level === 'other' ? `none of the ${nKept} kept` : source.level}, else 0, also where it is missing`;
    case 'country_frequency':
      return `share of the training rows that are of the country; one of the ${nKept} kept, or other = ${percentText(source.shares[nKept] ?? 0)}`;
    case 'country_target':
      return `conversion of the country's training rows, drawn to that of all (empirical Bayes); training rows: of the other ${source.folds - 1} of ${source.folds} folds; countries of fewer than ${source.minRows} rows: conversion of all`;
    case 'is_free_email':
      return `1 if the e-mail address is at one of ${spec.freeEmailDomains.length} free providers' domains, else 0`;
    case 'tag':
      return `1 if the subscriber holds ${source.tag}, else 0`;
    case 'expression':
      return source.text;
    default:
      return source satisfies never;
  }
}
