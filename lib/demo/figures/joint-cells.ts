/** Which country a row of a joint cell may have. `known not us` leaves out missing, `not us` includes it. */
export type CountryClass = 'us' | 'au' | 'missing' | 'known not us' | 'not us';

/** A group of subscribers cut out by several columns at once. Bounds are inclusive; what is absent is free. */
export interface JointCell {
  readonly name: string;
  readonly rating?: readonly [from: number, to: number];
  readonly country?: CountryClass;
  readonly tags?: readonly [from: number, to: number];
  readonly optinDays?: readonly [from: number, to: number];
  readonly timeSeriesWebinar?: boolean;
  readonly n: number;
  readonly buyers: number;
}

const MANY = 1_000;

/** Counts of subscribers and buyers that a published tree model holds in its nodes (exact). */
export const JOINT_CELLS: readonly JointCell[] = [
  { name: 'rating<=2', rating: [1, 2], n: 15_210, buyers: 437 },
  { name: 'rating>=3', rating: [3, 5], n: 4_709, buyers: 525 },
  { name: 'rating<=2, not us', rating: [1, 2], country: 'not us', n: 12_636, buyers: 268 },
  { name: 'rating<=2, us', rating: [1, 2], country: 'us', n: 2_574, buyers: 169 },
  { name: 'rating<=2, au', rating: [1, 2], country: 'au', n: 201, buyers: 17 },
  { name: 'rating<=2, country missing', rating: [1, 2], country: 'missing', n: 5_930, buyers: 77 },
  { name: 'rating>=3, not us', rating: [3, 5], country: 'not us', n: 3_496, buyers: 288 },
  { name: 'rating>=3, country missing', rating: [3, 5], country: 'missing', n: 617, buyers: 11 },
  { name: 'rating>=3, us', rating: [3, 5], country: 'us', n: 1_213, buyers: 237 },
  { name: 'rating 3-4, us', rating: [3, 4], country: 'us', n: 547, buyers: 89 },
  { name: 'rating 5, us', rating: [5, 5], country: 'us', n: 666, buyers: 148 },
  { name: 'rating 3-4, known not us', rating: [3, 4], country: 'known not us', n: 1_402, buyers: 95 },
  { name: 'rating 5, known not us', rating: [5, 5], country: 'known not us', n: 1_477, buyers: 182 },
  { name: 'rating 5, au', rating: [5, 5], country: 'au', n: 53, buyers: 16 },
  { name: 'tags<=5', tags: [0, 5], n: 19_087, buyers: 697 },
  { name: 'tags<=3', tags: [0, 3], n: 18_245, buyers: 582 },
  { name: 'tags 4-5', tags: [4, 5], n: 842, buyers: 115 },
  { name: 'tags>=6', tags: [6, MANY], n: 832, buyers: 265 },
  { name: 'tags<=3, not us', tags: [0, 3], country: 'not us', n: 15_049, buyers: 356 },
  { name: 'tags<=3, us', tags: [0, 3], country: 'us', n: 3_196, buyers: 226 },
  {
    name: 'tags<=3, not us, rating<=3',
    tags: [0, 3],
    country: 'not us',
    rating: [1, 3],
    n: 12_794,
    buyers: 228,
  },
  {
    name: 'tags<=3, not us, rating>=4',
    tags: [0, 3],
    country: 'not us',
    rating: [4, 5],
    n: 2_255,
    buyers: 128,
  },
  { name: 'tags<=3, us, rating<=2', tags: [0, 3], country: 'us', rating: [1, 2], n: 2_313, buyers: 124 },
  { name: 'tags<=3, us, rating>=3', tags: [0, 3], country: 'us', rating: [3, 5], n: 883, buyers: 102 },
  { name: 'tags 4-5, rating<=4', tags: [4, 5], rating: [1, 4], n: 645, buyers: 68 },
  { name: 'tags 4-5, rating 5', tags: [4, 5], rating: [5, 5], n: 197, buyers: 47 },
  {
    name: 'tags 4-5, rating<=4, joined >= 768 days before the end',
    tags: [4, 5],
    rating: [1, 4],
    optinDays: [768, MANY],
    n: 69,
    buyers: 16,
  },
  { name: 'tags>=6, rating<=4', tags: [6, MANY], rating: [1, 4], n: 506, buyers: 119 },
  { name: 'tags>=6, rating 5', tags: [6, MANY], rating: [5, 5], n: 326, buyers: 146 },
  { name: 'tags 6-20, rating<=2', tags: [6, 20], rating: [1, 2], n: 320, buyers: 57 },
  { name: 'tags 6-20, rating 3-4', tags: [6, 20], rating: [3, 4], n: 160, buyers: 46 },
  {
    name: 'tags>=6, rating 5, joined > 643 days before the end',
    tags: [6, MANY],
    rating: [5, 5],
    optinDays: [644, MANY],
    n: 76,
    buyers: 50,
  },
  {
    name: 'tags>=6, rating 5, joined <= 643 days before the end',
    tags: [6, MANY],
    rating: [5, 5],
    optinDays: [0, 643],
    n: 250,
    buyers: 96,
  },
  {
    name: 'tags>=6, rating 5, joined <= 643 days before the end, time_series_webinar',
    tags: [6, MANY],
    rating: [5, 5],
    optinDays: [0, 643],
    timeSeriesWebinar: true,
    n: 109,
    buyers: 55,
  },
  {
    name: 'tags>=6, rating 5, joined <= 643 days before the end, no time_series_webinar',
    tags: [6, MANY],
    rating: [5, 5],
    optinDays: [0, 643],
    timeSeriesWebinar: false,
    n: 141,
    buyers: 41,
  },
];
