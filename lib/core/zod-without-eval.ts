import { z } from 'zod';

// zod compiles parsers with `new Function` where it may; under the page's content policy even the attempt counts as a
// breach and is logged. Import this first, before any schema is made.
z.config({ jitless: true });
