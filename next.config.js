import { CODE_VARIABLE, codeDigest } from './lib/setup/code-version.mjs';
import { ROOT } from './lib/setup/project.mjs';

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The image optimiser has been a way in more than once; nothing here needs it.
  images: { unoptimized: true },
  serverExternalPackages: ['koffi', 'onnxruntime-web'],
  // `npm test` checks all types, tests included; a start need not do it again.
  typescript: { ignoreBuildErrors: true },
  // The log of server functions would hold the page's token, which is their first argument.
  logging: { serverFunctions: false },
  devIndicators: false,
  // Put in where the sources say process.env.LEADBENCH_CODE_SHA256; under `npm run dev` it is that of the start.
  env: { [CODE_VARIABLE]: await codeDigest(ROOT) },
};

export default config;
