/** Builds the site's script for those who run the bank where it can not be built: `node --import tsx build-site.ts`. */
import { siteFiles } from './site-files.ts';

await siteFiles();
