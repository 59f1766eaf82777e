/**
 * SHA-256 of nothing. Fluent UI's styling (Griffel) makes empty `<style>` elements and fills them through the CSSOM;
 * this hash lets exactly the empty ones be, so that neither `unsafe-inline` nor a nonce is needed, and a `<style>`
 * with a text of its own stays forbidden (CSP 3 §6.7.3.3).
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

type Directives = Readonly<Record<string, readonly string[]>>;

const shipped: Directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", emptyStyleHash],
  'img-src': ["'self'"],
  'font-src': ["'self'"],
  'connect-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

const serialise = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');

/** Policy of the page as it is shipped: our own files, no network, nothing inline. */
export const contentSecurityPolicy = serialise(shipped);

/**
 * Policy of the page while it comes from the development server: its module reloading puts inline scripts and styles
 * into the page and talks to the server by WebSocket. Never used in a packaged program.
 */
export function developmentPolicy(serverUrl: string): string {
  const { host } = new URL(serverUrl);
  return serialise({
    ...shipped,
    'script-src': ["'self'", "'unsafe-inline'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", `ws://${host}`],
  });
}

/** Headers that every answer to the page carries, refusals too. */
export const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), hid=(), serial=(), bluetooth=(), payment=(), display-capture=(), clipboard-read=()',
} as const;
