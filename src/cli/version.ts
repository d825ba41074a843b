/** Name and version of this package; a bundler puts them in the text. */
import manifest from '../../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
