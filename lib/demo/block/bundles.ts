/** A set of tags other than numbered labs that a subscriber may hold: learning_lab or not, webinars, aws_webinar. */
export interface Bundle {
  readonly tags: readonly string[];
  /** Holders in a block. */
  readonly n: number;
}

const LAB = 'learning_lab';
const WEBINARS = {
  none: [],
  plain: ['webinar'],
  first: ['webinar', 'webinar_01'],
  timeSeries: ['webinar', 'time_series_webinar'],
  noDegree: ['webinar', 'webinar_no_degree'],
  noDegree2: ['webinar', 'webinar_no_degree', 'webinar_no_degree_02'],
  timeSeriesNoDegree: ['webinar', 'time_series_webinar', 'webinar_no_degree'],
  all: ['webinar', 'time_series_webinar', 'webinar_no_degree', 'webinar_no_degree_02'],
} as const;

/**
 * How often each bundle occurs. The split is ours; together it gives the profile's holders of every tag, 563
 * tagged subscribers without learning_lab and 317 time_series_webinar holders with it. Those without a lab hold the
 * bundle and nothing else; `webinar_no_degree_02` outside the labs is large because 162 rows of one webinar
 * date hold exactly its three tags.
 */
export const BUNDLES: readonly Bundle[] = [
  { tags: WEBINARS.plain, n: 70 },
  { tags: ['aws_webinar'], n: 20 },
  { tags: WEBINARS.noDegree, n: 75 },
  { tags: WEBINARS.timeSeries, n: 70 },
  { tags: WEBINARS.first, n: 15 },
  { tags: WEBINARS.noDegree2, n: 300 },
  { tags: WEBINARS.timeSeriesNoDegree, n: 8 },
  { tags: WEBINARS.all, n: 3 },
  { tags: ['aws_webinar', ...WEBINARS.noDegree2], n: 2 },
  ...withLab(WEBINARS.plain, 103, 20),
  ...withLab(WEBINARS.first, 37, 2),
  ...withLab(WEBINARS.timeSeries, 202, 30),
  ...withLab(WEBINARS.noDegree, 190, 20),
  ...withLab(WEBINARS.noDegree2, 32, 6),
  ...withLab(WEBINARS.timeSeriesNoDegree, 90, 16),
  ...withLab(WEBINARS.all, 25, 9),
  ...withLab(WEBINARS.none, 6850, 96),
];

/** A bundle with learning_lab, `n` holders in all, `nAws` of them with aws_webinar too. */
function withLab(tags: readonly string[], n: number, nAws: number): Bundle[] {
  return [
    { tags: [LAB, ...tags], n: n - nAws },
    { tags: ['aws_webinar', LAB, ...tags], n: nAws },
  ];
}
