/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The image optimiser has been a way in more than once; nothing here needs it.
  images: { unoptimized: true },
  serverExternalPackages: ['koffi', 'onnxruntime-web'],
  devIndicators: false,
};

export default config;
