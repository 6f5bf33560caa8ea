import type { PageAddress } from '@/lib/store/services';

/** Cells are named in links to them; those hold no view. */
const CELL_LINK = /^#cell-/;

/**
 * Keep what is looked at in the address after #, which a browser never sends to a server: it can name e-mail domains.
 */
export const pageAddress: PageAddress = {
  read: () => (CELL_LINK.test(location.hash) ? '' : location.hash.slice(1)),
  push: (text) => history.pushState(null, '', text === '' ? location.pathname + location.search : `#${text}`),
  onMove(tell) {
    const handleMove = () => {
      if (!CELL_LINK.test(location.hash)) tell();
    };
    window.addEventListener('popstate', handleMove);
    return () => window.removeEventListener('popstate', handleMove);
  },
};
