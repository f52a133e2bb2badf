import * as path from 'path';

/** Programs of ours that run elsewhere, as esbuild has bundled them. The command line, a bundle itself, stands in for `lib` or `src` here. */
export const ASSETS = path.join(__dirname, '..', 'assets');
