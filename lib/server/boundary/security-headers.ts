/** What differs between a built server and one under development. */
export interface PolicyOptions {
  /** Unguessable, new for each request, base64. */
  readonly nonce: string;
  /** Development needs `eval` for React's stack traces. */
  readonly isDev: boolean;
}

/**
 * Write the Content-Security-Policy of a response. Scripts run from our own files or with the nonce; the one relaxation
 * is compiling WebAssembly. Styles may stand inline because Mantine and Plotly set them on elements.
 */
export function contentSecurityPolicy({ nonce, isDev }: PolicyOptions): string {
  const scripts = ["'self'", `'nonce-${nonce}'`, "'wasm-unsafe-eval'", ...(isDev ? ["'unsafe-eval'"] : [])];
  return [
    "default-src 'self'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

// Only names that current Chromium knows: it warns on the console of each other one.
const DENIED_FEATURES = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
] as const;

/** Give the headers that every response carries, errors included. COOP and COEP make threads available to WebAssembly. */
export function securityHeaders(options: PolicyOptions): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(options),
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': DENIED_FEATURES.map((feature) => `${feature}=()`).join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}
