/** Builds the page for those who run it where it can not be built: `node --import tsx build-page.ts`. */
import { pageFiles } from './page-files.ts';

await pageFiles();
