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
};

export default config;
